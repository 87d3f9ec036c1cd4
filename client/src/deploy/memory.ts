// What was answered the last time, by template: kept with the workspace, and never a secret.
import type * as vscode from 'vscode';
import type { Answers } from './inputs.ts';

export interface Remembered {
  readonly answers: Answers;
  /** Of the last deployment. */
  readonly name?: string;
  readonly cluster?: string;
}

export interface Memory {
  read(template: vscode.Uri): Remembered;
  write(template: vscode.Uri, remembered: Remembered): Promise<void>;
}

export function openMemory(state: vscode.Memento): Memory {
  const key = (template: vscode.Uri) => `deploy:${template.toString()}`;
  return {
    read: template => state.get<Remembered>(key(template)) ?? { answers: {} },
    write: async (template, remembered) => state.update(key(template), remembered),
  };
}
