// The clusters of this window: the built-in local one and those of the settings, each with what runs there while somebody
// watches. Who shows them is in explorer/; what a cluster answers is known by cluster/.
import * as vscode from 'vscode';
import type { LiveState } from '../../../cluster/src/live/state.ts';
import type { LiveStore } from '../../../cluster/src/live/store.ts';
import type { LocalAddress } from '../../../cluster/src/local-address.ts';
import type { Profile } from '../../../cluster/src/profile.ts';
import type { LocalCluster, LocalStatus } from '../local/cluster.ts';
import { localClusterName, type ReadProfiles, readProfiles } from './settings.ts';

export interface Cluster {
  readonly name: string;
  /** Absent while the local cluster does not run. */
  readonly profile: Profile | undefined;
  /** Present for the local cluster alone. */
  readonly local: LocalStatus | undefined;
  /** Absent while nobody watches, and where there is no profile. */
  readonly state: LiveState | undefined;
}

/** How long stores stay open when nobody watches any more, so that a closed and reopened view is still fresh. */
const keepFor = 30_000;

export class Clusters implements vscode.Disposable {
  #settings: ReadProfiles = { profiles: [], problems: [] };
  #watchers = 0;
  #closing: NodeJS.Timeout | undefined;
  readonly #stores = new Map<string, { readonly store: LiveStore; readonly end: () => void }>();
  readonly #openStore: (profile: Profile) => LiveStore;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  /** After each change of what runs, of the settings, and of the local cluster. */
  readonly onDidChange = this.#changed.event;

  readonly local: LocalCluster;

  constructor(local: LocalCluster, openStore: (profile: Profile) => LiveStore, log: vscode.LogOutputChannel) {
    this.local = local;
    this.#openStore = openStore;
    this.#log = log;
    this.#subscriptions = [
      local.onDidChange(() => this.#reconcile()),
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration('toscaMesos.clusters')) this.#readSettings();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#readSettings()),
    ];
    this.#readSettings();
  }

  /** The local cluster first. In an untrusted workspace there are none. */
  get list(): readonly Cluster[] {
    if (!vscode.workspace.isTrusted) return [];
    const { status } = this.local;
    const profile = status.status === 'running' ? localProfile(status.address) : undefined;
    return [
      { name: localClusterName, profile, local: this.local.status, state: this.#stateOf(localClusterName) },
      ...this.#settings.profiles.map(profile => ({
        name: profile.name,
        profile,
        local: undefined,
        state: this.#stateOf(profile.name),
      })),
    ];
  }

  /** By its name; the local cluster also answers to `local`, as on the command line. */
  find(name: string): Cluster | undefined {
    const wanted = name === 'local' ? localClusterName : name;
    return this.list.find(cluster => cluster.name === wanted);
  }

  /** The cluster's profile, with the local cluster started when it is the one. Rejects with one sentence. */
  async use(name: string): Promise<Profile> {
    const cluster = this.find(name);
    if (cluster === undefined) throw new Error(`There is no cluster "${name}" in the setting toscaMesos.clusters.`);
    return cluster.profile ?? localProfile(await this.local.start());
  }

  /** Keeps what runs up to date until the returned handle is disposed. */
  watch(): vscode.Disposable {
    clearTimeout(this.#closing);
    this.#watchers++;
    this.#reconcile();
    let over = false;
    return new vscode.Disposable(() => {
      if (over) return;
      over = true;
      if (--this.#watchers === 0) this.#closing = setTimeout(() => this.#reconcile(), keepFor);
    });
  }

  /** Reads everything anew, of one cluster or of all. */
  async refresh(name?: string): Promise<void> {
    const known = name === undefined ? undefined : this.find(name)?.name;
    const stores = [...this.#stores.values()].filter(({ store }) => name === undefined || store.profile.name === known);
    await Promise.all(stores.map(({ store }) => store.refresh()));
  }

  dispose(): void {
    clearTimeout(this.#closing);
    for (const name of [...this.#stores.keys()]) this.#close(name);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #stateOf(name: string): LiveState | undefined {
    return this.#stores.get(name)?.store.state;
  }

  #readSettings(): void {
    this.#settings = readProfiles(vscode.workspace.getConfiguration('toscaMesos').get('clusters'));
    for (const problem of this.#settings.problems) this.#log.warn(problem);
    const [first] = this.#settings.problems;
    if (first !== undefined) void vscode.window.showWarningMessage(first);
    this.#reconcile();
  }

  /** Opens the stores that are wanted and closes the others. */
  #reconcile(): void {
    const wanted = this.#watchers > 0 ? this.list.flatMap(({ profile }) => profile ?? []) : [];
    for (const [name, { store }] of this.#stores)
      if (!wanted.some(profile => same(profile, store.profile))) this.#close(name);
    for (const profile of wanted) {
      if (this.#stores.has(profile.name)) continue;
      const store = this.#openStore(profile);
      this.#stores.set(profile.name, { store, end: store.onDidChange(() => this.#changed.fire()) });
    }
    this.#changed.fire();
  }

  #close(name: string): void {
    const open = this.#stores.get(name);
    this.#stores.delete(name);
    open?.end();
    open?.store.dispose();
  }
}

function localProfile({ pid: _, ...address }: LocalAddress): Profile {
  return { name: localClusterName, ...address };
}

/** A restarted local cluster answers elsewhere: it gets a store of its own. */
const same = (one: Profile, other: Profile) => JSON.stringify(one) === JSON.stringify(other);
