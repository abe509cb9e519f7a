import type { ModelConfig } from '../../core/config/config.ts'
import type { LanguageModel } from '../../core/ports/language-model.ts'
import { resolveSecret } from '../../core/secrets.ts'
import type { LanguageModelOptions } from './client.ts'

/** The model that the configuration names, if it names one. Throws ConfigError when its key is nowhere to be found. */
export async function configuredModel(
  config: ModelConfig | undefined,
  options: Omit<LanguageModelOptions, 'config' | 'key'>,
): Promise<LanguageModel | undefined> {
  if (!config) return undefined
  const { key } = config
  // Read late and anew, so that a rotated key is taken up; read now as well, so that a missing one stops the start.
  if (key) resolveSecret(key)
  // Most installations have none: what is not used is not loaded.
  const { createLanguageModel } = await import('./client.ts')
  return createLanguageModel({ ...options, config, key: () => (key ? resolveSecret(key) : undefined) })
}
