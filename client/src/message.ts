// How an error is told to the user: one sentence, and the log for those who want more.
import * as vscode from 'vscode';

/** The sentence of an error, whatever was thrown. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs the command and tells its failure, so that no command ends in a stack trace. */
export async function telling<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    void vscode.window.showErrorMessage(sentenceOf(error));
    return undefined;
  }
}

/** Asks before something is taken away. `action` is the verb on the button. */
export async function confirm(question: string, detail: string, action: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, action)) === action;
}

/** Throws where the workspace is not trusted: nothing is sent or started there. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted)
    throw new Error('This workspace is in Restricted Mode: trust it before deploying or changing what runs.');
}
