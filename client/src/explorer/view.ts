// Shows the rows of rows.ts in the view "Clusters", and keeps them fresh while it is visible.
import * as vscode from 'vscode';
import type { Clusters } from '../profiles/clusters.ts';
import { changedRows, everyRow } from './diff.ts';
import type { Row, Target } from './row.ts';
import { clusterRows } from './rows.ts';

export const viewId = 'toscaMesos.clusters';

/** Changes that come closer together than this, in ms, are drawn as one. */
const drawEvery = 100;

/** The tree's elements are the rows' ids: they stay the same while the rows behind them change. */
export class ClusterTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
  #rows: readonly Row[] = [];
  #index = new Map<string, { readonly row: Row; readonly parent: Row | undefined }>();
  #watching: vscode.Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #clusters: Clusters;
  readonly #changed = new vscode.EventEmitter<string[] | undefined>();
  readonly #view: vscode.TreeView<string>;
  readonly #subscriptions: readonly vscode.Disposable[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
    this.#read();
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.#view.onDidChangeVisibility(({ visible }) => this.#watch(visible)),
      clusters.onDidChange(() => {
        this.#timer ??= setTimeout(() => this.#draw(), drawEvery);
      }),
    ];
    this.#watch(this.#view.visible);
  }

  /** What an element of the tree stands for, as long as it is there. */
  target(id: string): Target | undefined {
    return this.#index.get(id)?.row.target;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  getChildren(id?: string): string[] {
    const rows = id === undefined ? this.#rows : (this.#index.get(id)?.row.children ?? []);
    return rows.map(row => row.id);
  }

  getParent(id: string): string | undefined {
    return this.#index.get(id)?.parent?.id;
  }

  getTreeItem(id: string): vscode.TreeItem {
    const row = this.#index.get(id)?.row;
    return row === undefined ? new vscode.TreeItem('') : itemOf(row);
  }

  /** Opens the view at the first row that stands for such a thing, when there is one. */
  async show(wanted: (target: Target) => boolean): Promise<void> {
    await vscode.commands.executeCommand(`${viewId}.focus`);
    this.#draw();
    const found = [...everyRow(this.#rows)].find(({ row }) => wanted(row.target));
    if (found !== undefined) await this.#view.reveal(found.row.id, { select: true, focus: true, expand: 2 });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watching?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #watch(visible: boolean): void {
    if (visible) this.#watching ??= this.#clusters.watch();
    else {
      this.#watching?.dispose();
      this.#watching = undefined;
    }
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = this.#rows;
    this.#read();
    const changed = changedRows(before, this.#rows);
    if (changed === 'all') this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire([...changed]);
  }

  #read(): void {
    this.#rows = clusterRows(this.#clusters.list);
    this.#index = new Map([...everyRow(this.#rows)].map(entry => [entry.row.id, entry]));
  }
}

function itemOf(row: Row): vscode.TreeItem {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  // A row that is to be open must be so from the first: VS Code keeps what comes to have children later closed.
  const item = new vscode.TreeItem(row.label, row.open ? Expanded : row.children.length === 0 ? None : Collapsed);
  const { name, color } = row.icon;
  item.id = row.id;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.iconPath = new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = row.context;
  if (row.context === 'task' || row.context === 'run')
    item.command = { command: 'toscaMesos.openStdout', title: 'Open Output', arguments: [row.target] };
  return item;
}
