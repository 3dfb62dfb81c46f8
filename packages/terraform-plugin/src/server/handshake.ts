const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
const CORE_PROTOCOL = 1;
/** The version of the plugin protocol. */
const APP_PROTOCOL = 6;

/** The settings of core in the environment of the process it starts. */
export interface Launch {
  /** PEM of core's certificate for this run; null: no TLS. */
  readonly clientCertPem: string | null;
  readonly socketDir: string | null;
  readonly isMultiplexAsked: boolean;
}

export type LaunchResult =
  | { readonly isOk: true; readonly launch: Launch }
  | { readonly isOk: false; readonly reason: string };

/** Reads the environment. The error is for a user who started the program manually. */
export function readLaunch(env: Readonly<Record<string, string | undefined>>): LaunchResult {
  if (env.TF_PLUGIN_MAGIC_COOKIE !== COOKIE) {
    return {
      isOk: false,
      reason: 'This is a Terraform provider. Terraform starts it; it does nothing when started manually.',
    };
  }
  const versions = (env.PLUGIN_PROTOCOL_VERSIONS ?? '').split(',').filter((version) => version !== '');
  if (versions.length > 0 && !versions.includes(String(APP_PROTOCOL))) {
    return {
      isOk: false,
      reason: `This provider supports plugin protocol ${APP_PROTOCOL}, this Terraform only ${versions.join(', ')}. Use Terraform 1.0 or later.`,
    };
  }
  return {
    isOk: true,
    launch: {
      clientCertPem: env.PLUGIN_CLIENT_CERT || null,
      socketDir: env.PLUGIN_UNIX_SOCKET_DIR || null,
      isMultiplexAsked: env.PLUGIN_MULTIPLEX_GRPC === 'true',
    },
  };
}

/** The handshake line on stdout with the address for core. The certificate is base64 without padding, as core decodes it. */
export function handshakeLine(address: { network: 'unix' | 'tcp'; text: string }, der: Buffer | null, launch: Launch) {
  const cert = der === null ? '' : der.toString('base64').replace(/=+$/, '');
  const fields = [CORE_PROTOCOL, APP_PROTOCOL, address.network, address.text, 'grpc', cert];
  return `${[...fields, ...(launch.isMultiplexAsked ? ['false'] : [])].join('|')}\n`;
}
