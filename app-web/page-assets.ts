import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { isLanguage, LANGUAGE_COOKIE, languages, type Language } from './languages';
import { languageNames, messages, type MessageKey } from './messages';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const names = ['page.css', 'comments.css', 'home.js', 'connection.js', 'comments.js', 'mark.svg'] as const;
const pageNames = ['index', 'connection', 'comments'] as const;

export type PageName = (typeof pageNames)[number];

/** What pages say that is the same for everyone. */
export interface PageValues {
  readonly version: string;
  /** Largest photo. */
  readonly maxBytes: number;
  /** Whether files of comments are taken; the photo page then leads to them. */
  readonly offersJobs: boolean;
}

/** A file in the forms in which browsers take it. */
class Asset {
  readonly type: string;
  readonly tag: string;
  readonly #forms: { readonly br: Buffer; readonly gzip: Buffer; readonly identity: Buffer };

  constructor(content: Buffer, type: string) {
    this.type = type;
    this.tag = createHash('sha256').update(content).digest('hex').slice(0, 16);
    this.#forms = {
      br: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      gzip: gzipSync(content, { level: 9 }),
      identity: content,
    };
  }

  send(request: Request, response: Response, cacheControl: string, vary: string): void {
    const etag = `"${this.tag}"`;
    response.set({ 'Cache-Control': cacheControl, ETag: etag, Vary: vary });
    if (request.headers['if-none-match'] === etag) {
      response.status(304).end();
      return;
    }
    const encoding = (['br', 'gzip'] as const).find((form) => request.acceptsEncodings(form) === form) ?? 'identity';
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
    response.type(this.type).end(this.#forms[encoding]);
  }
}

/** The page and what belongs to it, held in memory in every language: nothing is read from disk after the start. */
export class PageAssets {
  readonly #files: ReadonlyMap<string, Asset>;
  readonly #pages: ReadonlyMap<string, Asset>;

  /** @param folder where the build has put the page. */
  constructor(folder: string, values: PageValues) {
    this.#files = new Map(
      names.map((name) => [name, new Asset(readFileSync(join(folder, name)), types[extname(name)]!)]),
    );
    const address = (name: string): string => `/assets/${name}?${this.#files.get(name)?.tag}`;
    const pages = new Map<string, Asset>();
    for (const page of pageNames) {
      const template = readFileSync(join(folder, `${page}.html`), 'utf8');
      for (const language of languages)
        pages.set(
          `${page}/${language}`,
          new Asset(Buffer.from(render(template, language, address, values)), 'text/html; charset=utf-8'),
        );
    }
    this.#pages = pages;
  }

  sendPage(page: PageName, request: Request, response: Response): void {
    const language = chooseLanguage(request);
    response.setHeader('Content-Language', language);
    this.#pages
      .get(`${page}/${language}`)!
      .send(request, response, 'no-cache', 'Accept-Encoding, Accept-Language, Cookie');
  }

  /** @returns whether there is such a file. */
  sendFile(name: string, request: Request, response: Response): boolean {
    const file = this.#files.get(name);
    if (file === undefined) return false;
    // While two versions are in service, a page of one may ask the other: it gets what there is, and keeps it only if
    // it is what it asked for.
    const isCurrent = request.url.endsWith(`?${file.tag}`);
    file.send(request, response, isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache', 'Accept-Encoding');
    return true;
  }
}

/** What the person chose on the page, else the browser's language, else English. */
function chooseLanguage(request: Request): Language {
  const cookie = new RegExp(`(?:^|; *)${LANGUAGE_COOKIE}=(\\w+)`).exec(request.headers.cookie ?? '')?.[1];
  if (isLanguage(cookie)) return cookie;
  for (const tag of request.acceptsLanguages()) {
    const language = tag.toLowerCase().split('-', 1)[0];
    if (isLanguage(language)) return language;
  }
  return 'en';
}

function render(template: string, language: Language, address: (name: string) => string, values: PageValues): string {
  return template.replace(/\{\{([\w:.]+)\}\}/g, (_whole, name: string) => {
    if (name === 'languageSwitch') return languageSwitch(language);
    if (name === 'jobsLink') return values.offersJobs ? jobsLink(language) : '';
    if (name.startsWith('asset:')) return escapeHtml(address(name.slice('asset:'.length)));
    const text =
      { lang: language, version: values.version, maxBytes: String(values.maxBytes) }[name] ??
      messages[language][name as MessageKey];
    if (text === undefined) throw new Error(`the page asks for "${name}", which no message is called`);
    return escapeHtml(text);
  });
}

function jobsLink(language: Language): string {
  return `<a href="/comments" data-i18n="commentsLink">${escapeHtml(messages[language].commentsLink)}</a>`;
}

function languageSwitch(current: Language): string {
  const buttons = languages.map(
    (language) =>
      `<button type="button" value="${language}" lang="${language}" ` +
      `aria-pressed="${language === current}">${languageNames[language]}</button>`,
  );
  const label = messages[current].languageLabel;
  return (
    `<div class="languages" role="group" aria-label="${escapeHtml(label)}" ` +
    `data-i18n-label="languageLabel">${buttons.join('')}</div>`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
