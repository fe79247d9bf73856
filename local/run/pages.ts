/** All items of all pages. */
export async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const result: Item[] = [];
  for await (const page of pages) result.push(...(items(page) ?? []));
  return result;
}
