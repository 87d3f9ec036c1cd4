// The output of tasks as editor tabs that grow: read-only documents, each following a file of a sandbox while it is open.
import * as vscode from 'vscode';
import { ClusterError, endpointOf, followFile, locateSandbox, type Sandbox } from '../../../cluster/src/index.ts';
import type { Clusters } from '../profiles/clusters.ts';
import { isActive } from './activity.ts';
import { append, mostShown } from './text.ts';

export const sandboxScheme = 'mesos-sandbox';

export interface Output {
  readonly cluster: string;
  readonly task: string;
  readonly file: 'stdout' | 'stderr';
  /** What the tab names, for example the app. */
  readonly name: string;
}

interface Follow {
  text: string;
  readonly end: AbortController;
}

/** Stands there until there is a text, so that an empty tab does not look broken. */
const nothingYet = '[Nothing has been written so far.]\n';

/** How long a task may take to have a sandbox, in ms. */
const sandboxWithin = 15_000;

export class Outputs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #clusters: Clusters;
  readonly #follows = new Map<string, Follow>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: readonly vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(sandboxScheme, this),
      // What was read while the editor made the document was drawn in vain.
      vscode.workspace.onDidOpenTextDocument(({ uri }) => {
        if (uri.scheme === sandboxScheme) this.#changed.fire(uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#end(uri)),
      this.#changed,
    ];
  }

  async open(output: Output): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uriOf(output));
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.languages.setTextDocumentLanguage(document, 'log');
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const known = this.#follows.get(uri.toString());
    if (known !== undefined) return known.text || nothingYet;
    const follow: Follow = { text: '', end: new AbortController() };
    this.#follows.set(uri.toString(), follow);
    void this.#follow(uri, follow);
    return nothingYet;
  }

  dispose(): void {
    for (const { end } of this.#follows.values()) end.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #end(uri: vscode.Uri): void {
    // A change of language closes and opens in one go: that is no end.
    setTimeout(() => {
      if (vscode.workspace.textDocuments.some(document => document.uri.toString() === uri.toString())) return;
      this.#follows.get(uri.toString())?.end.abort();
      this.#follows.delete(uri.toString());
    });
  }

  async #follow(uri: vscode.Uri, follow: Follow): Promise<void> {
    const { signal } = follow.end;
    const watching = this.#clusters.watch();
    const output = JSON.parse(uri.query) as Output;
    const add = this.#writer(uri, follow);
    try {
      const sandbox = await this.#locate(output, signal);
      let wasActive = false;
      const isComplete = () => {
        const active = isActive(this.#clusters.find(output.cluster)?.state, output.task);
        wasActive ||= active === true;
        return wasActive && active === false;
      };
      for await (const text of followFile(sandbox, output.file, { signal, last: mostShown, isComplete })) add(text);
    } catch (error) {
      if (!signal.aborted) add(`\n[${error instanceof Error ? error.message : String(error)}]\n`);
    } finally {
      watching.dispose();
    }
  }

  async #locate({ cluster, task }: Output, signal: AbortSignal): Promise<Sandbox> {
    const profile = this.#clusters.find(cluster)?.profile;
    if (profile === undefined) throw new Error(`${cluster} does not run, so the output of ${task} cannot be read.`);
    for (let waited = 0; ; waited += 500) {
      try {
        return await locateSandbox(endpointOf(profile, 'mesos'), task, { signal });
      } catch (error) {
        if (!(error instanceof ClusterError) || error.code !== 'not-found' || waited >= sandboxWithin) throw error;
        await new Promise(resolve => setTimeout(resolve, 500));
        signal.throwIfAborted();
      }
    }
  }

  /** Draws at once what comes after a silence, and what comes fast in steps that grow with the text. */
  #writer(uri: vscode.Uri, follow: Follow): (text: string) => void {
    let timer: NodeJS.Timeout | undefined;
    let drawn = 0;
    const draw = () => {
      timer = undefined;
      drawn = performance.now();
      keepAtEnd(uri);
      this.#changed.fire(uri);
    };
    return text => {
      follow.text = append(follow.text, text);
      const wait = 100 + follow.text.length / 10_000 - (performance.now() - drawn);
      if (timer === undefined) timer = setTimeout(draw, Math.max(0, wait));
    };
  }
}

function uriOf(output: Output): vscode.Uri {
  const { cluster, task, file, name } = output;
  const path = `/${[cluster, task, `${name} ${file}`].map(segment => segment.replaceAll('/', ' ')).join('/')}`;
  return vscode.Uri.from({ scheme: sandboxScheme, path, query: JSON.stringify(output) });
}

/** Editors that show the end of the text show its new end after the next change. */
function keepAtEnd(uri: vscode.Uri): void {
  const editors = vscode.window.visibleTextEditors.filter(({ document, visibleRanges }) => {
    const shown = visibleRanges.at(-1)?.end.line ?? 0;
    return document.uri.toString() === uri.toString() && shown >= document.lineCount - 2;
  });
  if (editors.length === 0) return;
  const subscription = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.toString() !== uri.toString()) return;
    subscription.dispose();
    const end = document.lineAt(document.lineCount - 1).range;
    for (const editor of editors) editor.revealRange(end);
  });
  setTimeout(() => subscription.dispose(), 5_000);
}
