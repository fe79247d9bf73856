import { isLanguage, LANGUAGE_COOKIE, languages, type Language } from '../languages';
import { messages, type MessageKey } from '../messages';

const listeners: (() => void)[] = [];

/** The page's current language. */
export function currentLanguage(): Language {
  const { lang } = document.documentElement;
  return isLanguage(lang) ? lang : 'en';
}

/** A text in the page's language, its `{places}` filled in. */
export function say(key: MessageKey, places: Record<string, string> = {}): string {
  return messages[currentLanguage()][key].replace(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
}

/** Calls back whenever the language changes, for what was not written with `data-i18n`. */
export function onLanguageChange(listener: () => void): void {
  listeners.push(listener);
}

/** Sets an element's text and keeps it in the page's language. */
export function setText(element: Element, key: MessageKey): void {
  element.setAttribute('data-i18n', key);
  element.textContent = say(key);
}

export function percent(share: number): string {
  // Rounded down: "100 %" means certainty.
  return new Intl.NumberFormat(currentLanguage(), { style: 'percent', maximumFractionDigits: 1 }).format(
    Math.floor(share * 1000) / 1000,
  );
}

export function startLanguageSwitch(titleKey: MessageKey): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('.languages button')];
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const language = languages.find((known) => known === button.value);
      if (language === undefined) return;
      document.cookie = `${LANGUAGE_COOKIE}=${language}; path=/; max-age=31536000; samesite=lax`;
      document.documentElement.lang = language;
      document.title = say(titleKey);
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      translate('data-i18n', (element, text) => (element.textContent = text));
      translate('data-i18n-label', (element, text) => element.setAttribute('aria-label', text));
      translate('data-i18n-alt', (element, text) => element.setAttribute('alt', text));
      for (const listener of listeners) listener();
    });
  }
}

function translate(attribute: string, write: (element: Element, text: string) => void): void {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    write(element, say(element.getAttribute(attribute) as MessageKey));
  }
}
