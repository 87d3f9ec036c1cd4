import path from 'node:path';
import { defineConfig } from 'vitest/config';

// One engine for all, started and stopped by engine.ts.
export default defineConfig({
  root: path.join(import.meta.dirname, '../..'),
  test: {
    include: ['test/docker/*.test.ts'],
    globalSetup: ['test/docker/engine.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
