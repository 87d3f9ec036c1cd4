// The plan of a template as a read-only document beside it, which follows the template as it is edited.
import * as vscode from 'vscode';
import type { Profile } from '../../../cluster/src/index.ts';
import type { Json } from '../../../protocol/src/plan.ts';
import { valuesOf } from '../deploy/inputs.ts';
import type { Memory } from '../deploy/memory.ts';
import type { Ask } from '../language/server.ts';
import { sentenceOf } from '../message.ts';
import type { Clusters } from '../profiles/clusters.ts';
import { describePlan } from './describe.ts';

export const planScheme = 'tosca-plan';

/** What a plan is made for. Where it says nothing: as for the last deployment, else the defaults. */
export interface Purpose {
  readonly name?: string;
  readonly values?: Readonly<Record<string, Json>>;
  readonly profile?: Profile;
}

/** Changes that come closer together than this, in ms, are shown as one. */
const showEvery = 150;

export class PlanPreviews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #ask: Ask;
  readonly #memory: Memory;
  readonly #clusters: Clusters;
  readonly #purposes = new Map<string, Purpose>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: readonly vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(ask: Ask, memory: Memory, clusters: Clusters) {
    this.#ask = ask;
    this.#memory = memory;
    this.#clusters = clusters;
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(planScheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#follow(document.uri)),
      this.#changed,
    ];
  }

  /** Shows the plan beside the template; the keyboard stays where it is. */
  async show(template: vscode.Uri, purpose: Purpose = {}): Promise<void> {
    this.#purposes.set(template.toString(), purpose);
    const uri = previewOf(template);
    this.#changed.fire(uri);
    const shown = vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString());
    if (shown) return;
    const document = await vscode.workspace.openTextDocument(uri);
    const viewColumn = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const template = vscode.Uri.parse(uri.query, true);
    try {
      return await this.#text(template);
    } catch (error) {
      return `# No plan\n\n${sentenceOf(error)}\n`;
    }
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #text(template: vscode.Uri): Promise<string> {
    const uri = template.toString();
    const { name, values, ...purpose } = this.#purposes.get(uri) ?? {};
    const inputs = await this.#ask('tosca/inputs', { uri });
    const remembered = this.#memory.read(template);
    const profile = purpose.profile ?? this.#clusters.find(remembered.cluster ?? '')?.profile;
    const given = values ?? valuesOf(inputs, remembered.answers);
    const wanted = name ?? remembered.name;
    const plan = await this.#ask('tosca/plan', {
      uri,
      inputs: given,
      ...(wanted === undefined ? {} : { name: wanted }),
      ...placeOf(profile),
    });
    return describePlan(plan, inputs, given, profile?.name);
  }

  #follow(template: vscode.Uri): void {
    const uri = previewOf(template);
    const key = uri.toString();
    if (!vscode.workspace.textDocuments.some(document => document.uri.toString() === key)) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.#changed.fire(uri);
      }, showEvery),
    );
  }
}

/** What a plan depends on of the cluster that it is for. */
export function placeOf(profile: Profile | undefined) {
  if (profile === undefined) return {};
  const { release, localVolumesHostBasePath } = profile;
  return { release, ...(localVolumesHostBasePath === undefined ? {} : { localVolumesHostBasePath }) };
}

function previewOf(template: vscode.Uri): vscode.Uri {
  const name = template.path.slice(template.path.lastIndexOf('/') + 1);
  return vscode.Uri.from({ scheme: planScheme, path: `/${name} plan.md`, query: template.toString() });
}
