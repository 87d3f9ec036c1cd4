// Which templates ask for which files, so that they can be looked at again when one of those changes.

export interface Asked {
  /** URIs of those who asked for a file when they were looked at last. */
  by(file: string): readonly string[];
  /** All that a template asks for now. */
  note(importer: string, wanted: ReadonlySet<string>): void;
}

export function openAsked(): Asked {
  const files = new Map<string, ReadonlySet<string>>();
  const importers = new Map<string, Set<string>>();
  return {
    by: file => [...(importers.get(file) ?? [])],
    note(importer, wanted) {
      const before = files.get(importer) ?? new Set();
      if (wanted.size === 0) files.delete(importer);
      else files.set(importer, wanted);
      for (const file of before) if (!wanted.has(file)) importers.get(file)?.delete(importer);
      for (const file of wanted) {
        if (before.has(file) || file === importer) continue;
        const all = importers.get(file);
        if (all === undefined) importers.set(file, new Set([importer]));
        else all.add(importer);
      }
    },
  };
}
