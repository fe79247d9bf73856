import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ChildService } from '../../local/run/child-service';
import type { FakeEndpoint } from '../../local/run/fake-endpoint';
import { messages } from '../../app-web/messages';
import { browserPath, launchBrowser, noBrowser } from './browser';
import { Harness, photo, photoPath } from './harness';

const ci = process.env['CI'] === 'true';
if (browserPath === undefined && !ci) process.stderr.write(`The page is not tested in a browser: ${noBrowser}.\n`);
const withBrowser = browserPath === undefined && !ci ? describe.skip : describe;

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

withBrowser('in a browser', () => {
  const harness = new Harness();
  let browser: Browser;
  let web: ChildService;
  let was: ChildService;
  let endpoint: FakeEndpoint;
  let slow = 0;
  let problems: string[] = [];

  beforeAll(async () => {
    endpoint = await harness.endpoint({
      respond: (_request, response) => {
        if (slow === 0) return false;
        setTimeout(
          () =>
            response
              .writeHead(503, { 'x-amzn-errortype': 'ServiceUnavailable', 'content-type': 'application/json' })
              .end('{}'),
          slow,
        );
        return true;
      },
    });
    was = await harness.was({ ENDPOINT_ATTEMPTS: '1', MAX_IMAGE_BYTES: String(1024 * 1024) }, endpoint);
    web = await harness.web(was.url, { MAX_IMAGE_BYTES: String(1024 * 1024) });
    browser = await launchBrowser();
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await harness.close();
  });
  beforeEach(() => {
    problems = [];
    slow = 0;
  });

  async function open(options: BrowserContextOptions = {}, path = '/'): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 860 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => problems.push(error.message));
    // A response of 400 or more is reported as an error as well; those are what some tests are about.
    page.on(
      'console',
      (message) =>
        message.type() === 'error' && !/Failed to load resource/.test(message.text()) && problems.push(message.text()),
    );
    await page.goto(web.url + path);
    return page;
  }
  const result = (page: Page): Promise<string | null> => page.locator('#result-name').textContent();
  const choose = (page: Page, name = 'violet.jpg'): Promise<void> => page.setInputFiles('#file', photoPath(name));
  const shown = (page: Page, selector: string): Promise<unknown> =>
    page.locator(selector).waitFor({ state: 'visible' });

  /** Waits until an element says a text. */
  const says = (page: Page, selector: string, text: string): Promise<void> =>
    page.locator(selector, { hasText: text }).waitFor();

  /** axe-core's findings, as "rule: element". */
  async function accessibility(page: Page): Promise<string[]> {
    // By the browser's own door: the page's policy rightly refuses a script that is not its own.
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    // Colours are read once everything that fades or grows has come to rest.
    await page.waitForTimeout(500);
    const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] };
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  test('a photo is chosen, sent, named and remembered', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Choose a photo' }).waitFor();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a photo' }).click();
    await (await chooser).setFiles(photoPath());
    await shown(page, '#result');
    expect(['Astilbe', 'Bellflower', 'Black-eyed Susan']).toContain(await result(page));
    expect(await page.locator('#result-description').textContent()).not.toBe('');
    expect(await page.locator('#chances li').count()).toBe(3);
    const shares = await page.locator('#chances .share').allTextContents();
    expect(shares.map(parseFloat).reduce((sum, share) => sum + share, 0)).toBeGreaterThan(99);
    await page.waitForTimeout(800);
    expect(
      await page.evaluate<number>("document.querySelector('.fill').getBoundingClientRect().width"),
    ).toBeGreaterThan(50);
    // No model is behind this: it must say so.
    expect(await page.locator('#stand-in').isVisible()).toBe(true);
    // A screen reader is told, and the keyboard goes on from the result.
    expect(await page.locator('#status').textContent()).toContain('sure');
    expect(await page.evaluate('document.activeElement.id')).toBe('result-name');

    await choose(page, 'yellow.jpg');
    await page.locator('#recent-list li').nth(1).waitFor();
    await page.reload();
    expect(await page.locator('#recent-list li').count()).toBe(2);
    await page.locator('#recent-list button').last().click();
    await shown(page, '#result');
    await page.getByRole('button', { name: 'Clear' }).click();
    expect(await page.locator('#recent').isVisible()).toBe(false);
    expect(problems).toEqual([]);
  });

  test.each(['drop', 'paste'] as const)('a photo is taken by %s', async (way) => {
    const page = await open();
    await page.evaluate(`(() => {
      const bytes = Uint8Array.from(atob('${photo().toString('base64')}'), (sign) => sign.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'flower.jpg', { type: 'image/jpeg' }));
      const target = document.querySelector('h1');
      if ('${way}' === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
      else {
        target.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
        if (!document.querySelector('#drop').classList.contains('over')) throw new Error('the frame does not show that it takes the photo');
        target.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    })()`);
    await shown(page, '#result');
    expect(problems).toEqual([]);
  });

  test('by keyboard alone', async () => {
    const page = await open();
    const focused = (): Promise<string> =>
      page.evaluate('document.activeElement.id || document.activeElement.className || document.activeElement.value');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('skip');
    const chooser = page.waitForEvent('filechooser');
    for (let count = 0; count < 6 && (await focused()) !== 'choose'; count += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(photoPath());
    await shown(page, '#result');
  });

  test('what cannot be named is told in words, with a way on', async () => {
    const page = await open();
    await page.setInputFiles('#file', {
      name: 'notes.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('these are notes'),
    });
    await shown(page, '#failure');
    expect(await page.locator('#failure-text').textContent()).toBe(messages.en.error_unsupported_type);
    expect(await page.locator('#failure-request').textContent()).toMatch(/^Request 1-[0-9a-f]{8}-/);
    // The same file would only fail again.
    expect(await page.locator('#retry').isVisible()).toBe(false);

    await page.setInputFiles('#file', { name: 'half.jpg', mimeType: 'image/jpeg', buffer: photo().subarray(0, 9000) });
    await says(page, '#failure-text', messages.en.error_image_incomplete);

    slow = 1;
    await choose(page);
    await says(page, '#failure-text', messages.en.error_model_unavailable);
    slow = 0;
    await page.getByRole('button', { name: 'Try again' }).click();
    await shown(page, '#result');
    expect(await page.locator('#failure').isVisible()).toBe(false);
  });

  test('without a connection it says so, and goes on when it is back', async () => {
    const page = await open();
    await page.context().setOffline(true);
    await choose(page);
    await shown(page, '#failure');
    expect(await page.locator('#failure-text').textContent()).toBe(messages.en.error_offline);
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await shown(page, '#result');
  });

  test('the way of a photo is shown, and can be cut short', async () => {
    slow = 5000;
    const page = await open();
    await choose(page);
    await says(page, '#work-text', messages.en.analysing);
    expect(await page.locator('#progress').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await shown(page, '#failure');
    expect(await page.locator('#failure-text').textContent()).toBe(messages.en.error_cancelled);
    await page.waitForTimeout(300);
    expect(was.log.filter(({ status }) => status === 499).length).toBeGreaterThan(0);
  });

  test('a photo that is too large is made smaller here, and then goes through', async () => {
    const page = await open();
    const large = await page.evaluate<string>(`(() => {
      const canvas = document.createElement('canvas');
      canvas.width = 1200; canvas.height = 900;
      const context = canvas.getContext('2d');
      const picture = context.createImageData(1200, 900);
      for (let at = 0, seed = 1; at < picture.data.length; at += 1) {
        seed = (seed * 1664525 + 1013904223) >>> 0;
        picture.data[at] = at % 4 === 3 ? 255 : 100 + (seed >>> 26);
      }
      context.putImageData(picture, 0, 0);
      return canvas.toDataURL('image/png').split(',')[1];
    })()`);
    const bytes = Buffer.from(large, 'base64');
    expect(bytes.length).toBeGreaterThan(1024 * 1024);
    const before = endpoint.received.bytes;
    await page.setInputFiles('#file', { name: 'large.png', mimeType: 'image/png', buffer: bytes });
    await shown(page, '#result');
    expect(endpoint.received.bytes - before).toBeGreaterThan(0);
    expect(endpoint.received.bytes - before).toBeLessThan(1024 * 1024);

    await page.setInputFiles('#file', {
      name: 'large.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.alloc(2 * 1024 * 1024),
    });
    await says(page, '#failure-text', 'The photo is too large. Up to 1 MB are allowed.');
  });

  test('the language follows the browser, can be switched at any time, and is remembered', async () => {
    const page = await open({ locale: 'ko-KR' });
    expect(await page.title()).toBe(messages.ko.title);
    await choose(page);
    await shown(page, '#result');
    await page.getByRole('button', { name: '日本語' }).click();
    expect(await page.title()).toBe(messages.ja.title);
    expect(await page.locator('h1').textContent()).toBe(messages.ja.title);
    expect(['アスチルベ', 'ホタルブクロ', 'ルドベキア']).toContain(await result(page));
    expect(await page.evaluate('document.documentElement.lang')).toBe('ja');
    await page.reload();
    expect(await page.title()).toBe(messages.ja.title);
  });

  test('the connection page tells which part is reached', async () => {
    const page = await open({}, '/was/check');
    await says(page, '#verdict', messages.en.checkAllGood);
    expect(await page.locator('.state').allTextContents()).toEqual(Array.from({ length: 4 }, () => 'Connected'));
    expect(await page.locator('#stand-in').isVisible()).toBe(true);

    await page.route('**/was/health', (route) =>
      route.fulfill({ status: 502, json: { error: { code: 'was_unreachable' } } }),
    );
    await page.getByRole('button', { name: 'Check again' }).click();
    await says(page, '#verdict', messages.en.checkTrouble);
    expect(await page.locator('.state').allTextContents()).toEqual([
      'Connected',
      'Connected',
      'Not connected',
      'Not known',
    ]);
  });

  test('on a phone: nothing is wider than the screen, and there is a camera', async () => {
    const page = await open({ ...PHONE, locale: 'ja' });
    const width = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBe(390);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: messages.ja.camera }).tap();
    await (await chooser).setFiles(photoPath());
    await shown(page, '#result');
    expect(await width()).toBe(390);
    expect(await page.locator('#camera-file').getAttribute('capture')).toBe('environment');
    expect(await page.locator('#result-name').isVisible()).toBe(true);
    await page.goto(`${web.url}/was/check`);
    expect(await width()).toBe(390);
  });

  test.each(['light', 'dark'] as const)(
    'axe-core finds nothing to object to, in %s, in any state',
    async (colorScheme) => {
      const page = await open({ colorScheme });
      expect(await accessibility(page)).toEqual([]);
      await choose(page);
      await shown(page, '#result');
      await page.locator('#recent-list li').first().waitFor();
      expect(await accessibility(page)).toEqual([]);
      await page.setInputFiles('#file', {
        name: 'notes.jpg',
        mimeType: 'image/jpeg',
        buffer: Buffer.from('these are notes'),
      });
      await shown(page, '#failure');
      expect(await accessibility(page)).toEqual([]);
      slow = 3000;
      await choose(page);
      await shown(page, '#work');
      expect(await accessibility(page)).toEqual([]);
      await page.goto(`${web.url}/was/check`);
      expect(await accessibility(page)).toEqual([]);
      slow = 0;
      const phone = await open({ ...PHONE, colorScheme, locale: 'ko' });
      await choose(phone);
      await shown(phone, '#result');
      expect(await accessibility(phone)).toEqual([]);
    },
    40_000,
  );
});
