/**
 * Makes loading drizzle-orm cheap; to be imported before anything that imports the database. To learn that a file of the
 * package is a module, Node parses the package's manifest, for each file anew, and its list of exports is 180 KB long:
 * 150 MB of memory and a third of a second at every start. What a file of the package imports by a relative path is a
 * module like itself, without asking.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const { parentURL } = context;
    if (!specifier.startsWith('.') || parentURL?.includes('/node_modules/drizzle-orm/') !== true) {
      return nextResolve(specifier, context);
    }
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
  },
});
