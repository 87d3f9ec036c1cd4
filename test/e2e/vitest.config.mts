import path from 'node:path';
import { defineConfig } from 'vitest/config';

// Each file starts a VS Code and a Chromium, so one after the other. A run that fails leaves screenshots and logs in build/.
export default defineConfig({
  root: path.join(import.meta.dirname, '../..'),
  test: {
    include: ['test/e2e/host.test.ts', 'test/e2e/page/*.test.ts'],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
});
