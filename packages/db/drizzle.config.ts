import { defineConfig } from 'drizzle-kit';

/** Paths are relative to packages/db, where `npm run db:generate` runs the tool. */
export default defineConfig({ dialect: 'sqlite', schema: './src/schema/*.ts', out: '../../migrations' });
