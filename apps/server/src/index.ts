export { startServer } from './server/start-server.ts';
export type { StartOptions } from './server/server-context.ts';
export type { RunningServer } from './server/running-server.ts';
export { parseConfig } from './config/parse-config.ts';
export type { ConfigInput } from './config/settings.ts';
export { ConfigError, type ConfigProblem, type ConfigSource } from './config/config-error.ts';
export type { ListenAddress } from './config/listen-address.ts';
export type { PlaceConfig, RootKeySource, ServerConfig, TlsSource } from './config/server-config.ts';
export { StartupError, type StartupErrorCode } from './startup-error.ts';
