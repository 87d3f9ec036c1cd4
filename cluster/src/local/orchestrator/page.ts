// Pages of lists, sorted as the client asks. Facts: Spring Data's PageableHandlerMethodArgumentResolver and PagedResourcesAssembler, which
// the Orchestrator uses with its own defaults.
import type { Request } from '../http.ts';
import { baseOf } from './answer.ts';
import { refuse } from './errors.ts';

/** By the name that a client may sort by, what is compared. */
export type SortKeys<Item> = Readonly<Record<string, (item: Item) => string | number | undefined>>;

const defaultSize = 10;
const largestSize = 2000;

export function pageOf<Item>(
  request: Request,
  items: readonly Item[],
  sortKeys: SortKeys<Item>,
  what: string,
  answer: (item: Item) => unknown,
) {
  const { query } = request;
  const number = Math.max(0, integer(query.get('page')) ?? 0);
  const asked = integer(query.get('size')) ?? 0;
  const size = asked < 1 ? defaultSize : Math.min(asked, largestSize);
  const sorts = query.getAll('sort').filter(sort => sort !== '');
  const orders = sorts.length === 0 ? ['createdAt,desc'] : sorts;
  const sorted = inOrder(items, orders, sortKeys, what);
  const totalPages = Math.ceil(items.length / size);
  const link = (rel: string, page: number) => {
    const others = [...query].filter(([key]) => !['page', 'size', 'sort'].includes(key));
    const parts = [...others, ['page', page], ['size', size], ...orders.map(order => ['sort', order])];
    const text = parts.map(([key, value]) => `${key}=${encodeURIComponent(String(value)).replaceAll('%2C', ',')}`);
    return { rel, href: `${baseOf(request)}${request.path.replace(/\/$/, '')}?${text.join('&')}` };
  };
  const isFirst = number === 0;
  const isLast = number + 1 >= totalPages;
  return {
    links: [
      ...(isFirst ? [] : [link('first', 0), link('prev', number - 1)]),
      link('self', number),
      ...(isLast ? [] : [link('next', number + 1), link('last', totalPages - 1)]),
    ],
    content: sorted.slice(number * size, (number + 1) * size).map(answer),
    page: { size, totalElements: items.length, totalPages, number },
  };
}

const integer = (text: string | null): number | undefined =>
  text !== null && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;

function inOrder<Item>(
  items: readonly Item[],
  orders: readonly string[],
  keys: SortKeys<Item>,
  what: string,
): readonly Item[] {
  const comparisons = orders.flatMap(order => {
    const names = order.split(',');
    const last = names.at(-1)?.toLowerCase();
    const direction = last === 'asc' || last === 'desc' ? names.pop()?.toLowerCase() : 'asc';
    return names.map(name => {
      const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
      if (key === undefined) throw refuse(500, `No property ${name} found for type ${what}!`);
      return { key, sign: direction === 'desc' ? -1 : 1 };
    });
  });
  return [...items].sort((one, other) => {
    for (const { key, sign } of comparisons) {
      const [left, right] = [key(one) ?? '', key(other) ?? ''];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
}
