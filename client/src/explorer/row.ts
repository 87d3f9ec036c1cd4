// A row of the tree of clusters: what it says and what it stands for. Which rows there are is told by rows.ts.

/** What a row stands for, and what commands take as their argument. */
export type Target =
  | { readonly kind: 'cluster'; readonly cluster: string }
  /** A heading or a message: nothing to act on but the cluster. */
  | { readonly kind: 'heading'; readonly cluster: string }
  | { readonly kind: 'group'; readonly cluster: string; readonly group: string }
  | { readonly kind: 'deployment'; readonly cluster: string; readonly deployment: string }
  | { readonly kind: 'app'; readonly cluster: string; readonly app: string }
  | { readonly kind: 'task'; readonly cluster: string; readonly app: string; readonly task: string }
  | { readonly kind: 'job'; readonly cluster: string; readonly job: string }
  | { readonly kind: 'run'; readonly cluster: string; readonly job: string; readonly task: string }
  | { readonly kind: 'agent'; readonly cluster: string; readonly agent: string };

export interface Icon {
  /** Of the editor's icon set, for example `sync~spin`. */
  readonly name: string;
  /** Theme colour. */
  readonly color?: string;
}

export interface Row {
  /** The same for the same thing at any moment, so that it stays selected and expanded. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: Icon;
  /** The row's `viewItem`, by which menus choose their commands. */
  readonly context: string;
  /** Whether children are shown at first. */
  readonly open: boolean;
  readonly children: readonly Row[];
  readonly target: Target;
}

export const green = 'testing.iconPassed';
export const red = 'testing.iconFailed';
export const yellow = 'list.warningForeground';
export const grey = 'disabledForeground';

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** An ISO 8601 moment in the user's own form; as it stands when it is none. */
export function when(moment: string): string {
  const time = new Date(moment);
  return Number.isNaN(time.getTime()) ? moment : time.toLocaleString();
}
