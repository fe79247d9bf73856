import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { messages } from '../../app-web/messages';
import { browserPath, launchBrowser, noBrowser } from '../apps/browser';
import { CommentsStage } from '../support/jobs/comments-stage';
import { describeWithPostgres } from '../support/jobs/database';

jest.setTimeout(60_000);

const { en, ko } = messages;
const CSV = `comment\n${Array.from({ length: 40 }, (_, i) => ['"good, and fast"', '=1+1 is bad', 'a box'][i % 3]).join('\n')}\n"a "broken line\n`;
const FILE = { name: 'november.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) };

describeWithPostgres('the page for files of comments', () => {
  let stage: CommentsStage;
  let browser: Browser;
  let person: BrowserContext;
  const problems: string[] = [];

  beforeAll(async () => {
    if (browserPath === undefined) throw new Error(noBrowser);
    [stage, browser] = await Promise.all([CommentsStage.start(), launchBrowser()]);
    person = await browser.newContext({ locale: 'en-US', viewport: { width: 390, height: 844 } });
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  });

  async function open(path: string, context = person): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(stage.web.url + path);
    return page;
  }
  const text = (page: Page, selector: string): Promise<string | null> => page.locator(selector).textContent();
  const says = (page: Page, selector: string, said: string): Promise<void> =>
    page.locator(selector, { hasText: said }).waitFor();

  async function accessibility(page: Page): Promise<string[]> {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] };
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  it('uploads, waits while the page is closed, and shows the result at the same address', async () => {
    const photos = await open('/');
    await photos.getByRole('link', { name: en.commentsLink }).click();
    await photos.waitForURL('**/comments');
    await photos.setInputFiles('#file', FILE);
    await says(photos, '#work-text', en.jobQueued);
    expect(await text(photos, '#work-note')).toBe(en.jobLeave);
    const address = new URL(photos.url());
    expect(address.hash).toMatch(/^#[\w-]{22}$/);
    await photos.close();

    // A fifth of a second for a row: it is seen running.
    const worker = stage.startWorker(100);
    const page = await open(address.pathname + address.hash);
    await says(page, '#work-text', en.jobRunning);
    await page.locator('#result').waitFor();
    expect(await text(page, '#result-title')).toBe('40 comments read');
    expect(await text(page, '#result-file')).toBe('november.csv');
    expect(await page.locator('#legend li').allTextContents()).toEqual([
      'Positive1435%',
      'Neutral1332.5%',
      'Negative1332.5%',
    ]);
    expect(await page.locator('#histogram rect').count()).toBe(10);
    await page.locator('#rows tr').first().waitFor();
    expect(await page.locator('#rows tr').count()).toBe(25);
    expect(await text(page, '#range')).toBe('Rows 1 to 25 of 41');
    await page.locator('#next').click();
    await says(page, '#range', 'Rows 26 to 41 of 41');
    await page.locator('#bad-lines summary').click();
    expect(await text(page, '#bad-lines-list li')).toContain('Line 42');
    expect(await accessibility(page)).toEqual([]);
    // At the width of a phone nothing lies beside the screen.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);

    const download = page.waitForEvent('download');
    await page.locator('#csv').click();
    const lines = readFileSync(await (await download).path(), 'utf8').split('\r\n');
    expect((await download).suggestedFilename()).toBe('november-result.csv');
    expect(lines.slice(0, 2)).toEqual([
      '\uFEFFline,comment,label,score,error',
      expect.stringMatching(/^2,"good, and fast",positive,0\.\d+,$/),
    ]);
    // No spreadsheet takes it for a formula.
    expect(lines[2]).toMatch(/^3,'=1\+1 is bad,negative,-0\.\d+,$/);
    expect(lines).toHaveLength(43);
    await worker.kill('SIGTERM');
    expect(problems).toEqual([]);
  });

  it('stops a file, says what is wrong with others, and speaks the language of the person', async () => {
    const context = await browser.newContext({ locale: 'ko-KR', colorScheme: 'dark' });
    const page = await open('/comments', context);
    await page.setInputFiles('#file', FILE);
    await says(page, '#work-text', ko.jobQueued);
    await page.locator('#cancel').click();
    await says(page, '#failure-text', ko.error_job_cancelled);
    expect(await accessibility(page)).toEqual([]);

    await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('x') });
    await says(page, '#failure-text', ko.error_not_csv);
    await page.goto(`${stage.web.url}/comments#${'x'.repeat(22)}`);
    await page.reload();
    await says(page, '#failure-text', ko.error_job_missing);
  });
});
