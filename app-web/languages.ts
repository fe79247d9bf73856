/** The languages of the page. */
export const languages = ['ko', 'en', 'ja'] as const;
export type Language = (typeof languages)[number];

/** The cookie that keeps what a person chose on the page; it only names a language. */
export const LANGUAGE_COOKIE = 'language';

export function isLanguage(text: unknown): text is Language {
  return languages.some((language) => language === text);
}
