// The questions of a deployment, one after the other at the top of the window, each with a way back.
import * as vscode from 'vscode';

/** What became of a question. */
export type Outcome<T> = { readonly value: T } | 'back' | 'cancelled';

/** One step: asks, and keeps the answer itself. `back` steps over itself when there was nothing to ask. */
export type Step = (place: Place) => Promise<'next' | 'back' | 'cancelled'>;

export interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** Goes through the steps, forth and back; false when the user gave up. */
export async function askInTurn(title: string, steps: readonly Step[]): Promise<boolean> {
  let at = 0;
  for (;;) {
    const step = steps[at];
    if (step === undefined) return true;
    const outcome = await step({ title, step: at + 1, totalSteps: steps.length });
    if (outcome === 'cancelled') return false;
    at = outcome === 'next' ? at + 1 : Math.max(0, at - 1);
  }
}

export interface TextQuestion {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly password?: boolean;
  /** Null when it is good, else one sentence. */
  readonly check: (text: string) => Promise<string | null> | string | null;
}

export function askText(place: Place, question: TextQuestion): Promise<Outcome<string>> {
  return new Promise(resolve => {
    const box = vscode.window.createInputBox();
    Object.assign(box, place);
    box.prompt = question.prompt;
    box.placeholder = question.placeholder ?? '';
    box.value = question.value;
    box.password = question.password ?? false;
    box.ignoreFocusOut = true;
    box.buttons = place.step > 1 ? [vscode.QuickInputButtons.Back] : [];
    let latest = 0;
    const check = async (): Promise<boolean> => {
      const own = ++latest;
      const problem = await Promise.resolve(question.check(box.value)).catch(() => null);
      if (own !== latest) return false;
      box.validationMessage = problem ?? '';
      return problem === null;
    };
    box.onDidChangeValue(check);
    box.onDidTriggerButton(() => {
      resolve('back');
      box.hide();
    });
    box.onDidAccept(async () => {
      const { value } = box;
      if (!(await check())) return;
      resolve({ value });
      box.hide();
    });
    box.onDidHide(() => {
      resolve('cancelled');
      box.dispose();
    });
    box.show();
  });
}

export interface ChoiceQuestion<T extends vscode.QuickPickItem> {
  readonly placeholder: string;
  readonly items: readonly T[];
  readonly active?: T | undefined;
}

export function askChoice<T extends vscode.QuickPickItem>(
  place: Place,
  { placeholder, items, active }: ChoiceQuestion<T>,
): Promise<Outcome<T>> {
  return new Promise(resolve => {
    const list = vscode.window.createQuickPick<T>();
    Object.assign(list, place);
    list.placeholder = placeholder;
    list.items = items;
    if (active !== undefined) list.activeItems = [active];
    list.ignoreFocusOut = true;
    list.matchOnDescription = true;
    list.buttons = place.step > 1 ? [vscode.QuickInputButtons.Back] : [];
    list.onDidTriggerButton(() => {
      resolve('back');
      list.hide();
    });
    list.onDidAccept(() => {
      const [value] = list.selectedItems;
      if (value === undefined) return;
      resolve({ value });
      list.hide();
    });
    list.onDidHide(() => {
      resolve('cancelled');
      list.dispose();
    });
    list.show();
  });
}
