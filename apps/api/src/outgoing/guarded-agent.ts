import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublicAddress } from './public-address.ts';

/** A connection that was blocked because of its address. */
class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

/**
 * An HTTP agent that connects to public addresses only. The address is checked when the connection is made, and exactly
 * that address is connected to, so a name that resolves to another one later (DNS rebinding) gains nothing.
 */
export function createGuardedAgent(lookup: LookupFunction = systemLookup): Agent {
  const connect = buildConnector({ lookup: guardLookup(lookup) });
  return new Agent({
    connect(options, callback) {
      // An IP address is not looked up, so it is checked here.
      if (isIP(options.hostname) !== 0 && !isPublicAddress(options.hostname)) {
        callback(new AddressRefused(`${options.hostname} is not a public address`), null);
        return;
      }
      connect(options, callback);
    },
  });
}

function guardLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const all = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      const allowed = all.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (first === undefined) callback(new AddressRefused(`'${hostname}' has no public address`), '');
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
