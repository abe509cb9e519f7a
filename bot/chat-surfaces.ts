import type { Config } from '../core/config.ts'
import type { ChatDeps, ChatSurface } from './chat-surface.ts'

export type ChatConfig = Pick<Config, 'slack' | 'teams'>

/** The chat services of the configuration. What is not configured is not even loaded. */
export async function createChatSurfaces(config: ChatConfig, deps: ChatDeps): Promise<readonly ChatSurface[]> {
  const surfaces: ChatSurface[] = []
  if (config.slack) surfaces.push(await (await import('./slack/start.ts')).startSlack(config.slack, deps))
  if (config.teams) surfaces.push((await import('./teams/start.ts')).startTeams(config.teams, deps))
  return surfaces
}
