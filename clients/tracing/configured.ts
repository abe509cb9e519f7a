import type { Config } from '../../core/config/config.ts'
import type { Tracing, TracingOptions } from './exporter.ts'

/** Where traces are sent, if anywhere: the SDK is not loaded for nobody. */
export async function configuredTracing(
  config: Config['tracing'],
  options: Omit<TracingOptions, 'url'>,
): Promise<Tracing | undefined> {
  if (!config) return undefined
  const { createTracing } = await import('./exporter.ts')
  return createTracing({ ...options, ...config })
}
