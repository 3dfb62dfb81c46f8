/**
 * Makes loading drizzle-orm cheap; import it before anything that imports the database. To find out that a file of the
 * package is a module, Node parses the package's manifest again for each file, and its list of exports is 180 KB long:
 * 150 MB of memory and a third of a second at every start. This hook treats a file that the package imports by a
 * relative path as a module without reading the manifest.
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
