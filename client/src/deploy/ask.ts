// The questions of a deployment, one after the other at the top of the window, each with a way back.
import * as vscode from 'vscode';

/** What became of a question. */
export type Outcome<T> = { readonly value: T } | 'back' | 'cancelled';

/** One step: asks, and keeps the answer itself. */
export type Step = (place: Place) => Promise<'next' | 'back' | 'cancelled'>;

/** Where a question stands in the conversation. */
export interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly stage: Stage;
}

/**
 * The box that is shown. An answered one stays, busy, until the next takes its place: were there a moment without, keys pressed
 * then would land in the template.
 */
interface Stage {
  /** False when the user has left meanwhile. */
  readonly put: (box: vscode.QuickInput) => boolean;
  readonly end: () => void;
}

function openStage(): Stage {
  let current: vscode.QuickInput | undefined;
  let left = false;
  return {
    put(box) {
      if (left) return false;
      const before = current;
      current = box;
      box.onDidHide(() => {
        if (current === box) left = true;
      });
      box.show();
      before?.dispose();
      return true;
    },
    end() {
      const last = current;
      current = undefined;
      last?.dispose();
    },
  };
}

/** Goes through the steps, forth and back; false when the user gave up. */
export async function askInTurn(title: string, steps: readonly Step[]): Promise<boolean> {
  const stage = openStage();
  try {
    for (let at = 0; ; ) {
      const step = steps[at];
      if (step === undefined) return true;
      const outcome = await step({ title, step: at + 1, totalSteps: steps.length, stage });
      if (outcome === 'cancelled') return false;
      at = outcome === 'next' ? at + 1 : Math.max(0, at - 1);
    }
  } finally {
    stage.end();
  }
}

export interface TextQuestion {
  readonly prompt: string;
  readonly value: string;
  readonly password?: boolean;
  /** Null when it is good, else one sentence. */
  readonly check: (text: string) => Promise<string | null> | string | null;
}

export function askText(place: Place, question: TextQuestion): Promise<Outcome<string>> {
  const box = vscode.window.createInputBox();
  box.prompt = question.prompt;
  box.value = question.value;
  box.password = question.password ?? false;
  let latest = 0;
  const check = async (): Promise<boolean> => {
    const own = ++latest;
    const problem = await Promise.resolve(question.check(box.value)).catch(() => null);
    if (own !== latest) return false;
    box.validationMessage = problem ?? '';
    return problem === null;
  };
  return shown(place, box, answer => {
    box.onDidChangeValue(check);
    box.onDidAccept(async () => {
      const { value } = box;
      if (await check()) answer(value);
    });
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
  const list = vscode.window.createQuickPick<T>();
  list.placeholder = placeholder;
  list.items = items;
  if (active !== undefined) list.activeItems = [active];
  list.matchOnDescription = true;
  return shown(place, list, answer => {
    list.onDidAccept(() => {
      const [value] = list.selectedItems;
      if (value !== undefined) answer(value);
    });
  });
}

type Box = vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>;

function shown<T>(place: Place, box: Box, listen: (answer: (value: T) => void) => void): Promise<Outcome<T>> {
  return new Promise(resolve => {
    const end = (outcome: Outcome<T>) => {
      box.enabled = false;
      box.busy = true;
      resolve(outcome);
    };
    box.title = place.title;
    box.step = place.step;
    box.totalSteps = place.totalSteps;
    box.ignoreFocusOut = true;
    box.buttons = place.step > 1 ? [vscode.QuickInputButtons.Back] : [];
    box.onDidTriggerButton(() => end('back'));
    box.onDidHide(() => resolve('cancelled'));
    listen(value => end({ value }));
    if (!place.stage.put(box)) resolve('cancelled');
  });
}
