import { flushCompileCache } from 'node:module';
import process from 'node:process';
import { createApp } from './app.ts';
import { type Config, loadConfig } from './config.ts';
import { describeStartFailure } from './data-folder/describe-start-failure.ts';
import { enableAsyncContext } from './telemetry/async-context.ts';
import { createLogger } from './telemetry/create-logger.ts';
import { readVersion, wire } from './wire.ts';

/** A stop that takes longer is cut short; the next start recovers. */
const STOP_TIMEOUT_MS = 10_000;
/** Requests without a response by then lose their connection, so that the stop itself completes. */
const ANSWER_TIMEOUT_MS = 7_000;

/** Known once the configuration has been read. */
let config: Config | undefined;

async function main(): Promise<void> {
  // Only the owner may read what this process writes, above all the database.
  process.umask(0o077);
  config = loadConfig(process.env);
  enableAsyncContext();
  const logger = createLogger(config.logLevel);
  // The SDK costs memory and time to load, so it is loaded only with a collector.
  const tracing =
    config.tracing && (await import('./telemetry/start-tracing.ts')).startTracing(config.tracing, readVersion());
  const services = await wire(config, logger);
  const app = await createApp({ services, corsOrigins: config.corsOrigins, auth: config, logger });

  let isStopping = false;
  async function stop(signal: string): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    const timer = setTimeout(() => process.exit(1), STOP_TIMEOUT_MS);
    const cut = setTimeout(() => app.server.closeAllConnections(), ANSWER_TIMEOUT_MS);
    // Runs stop first, as their watchers wait for the end; the database last, as requests in progress need it.
    await services.stop();
    await app.close();
    clearTimeout(cut);
    await services.close();
    await tracing?.stop().catch((cause: unknown) => logger.warn({ err: cause }, 'the last spans could not be sent'));
    clearTimeout(timer);
    process.exit(0);
  }
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // The script that started this process is gone: no process is left to stop it.
  if (process.channel !== undefined) process.on('disconnect', () => void stop('disconnect'));

  await app.listen({ host: config.host, port: config.port });
  await services.start();
  // A process that is killed later has saved its compiled code for the next start all the same.
  flushCompileCache();
}

main().catch((cause: unknown) => {
  const { dataDir = '', host = '', port = 0, logLevel } = config ?? {};
  const { message, isKnown } = describeStartFailure(cause, { dataDir, host, port });
  process.stderr.write(`${message}\n`);
  const isDebug = logLevel === 'debug' || logLevel === 'trace';
  if (!isKnown && isDebug && cause instanceof Error) process.stderr.write(`${cause.stack}\n`);
  process.exit(1);
});
