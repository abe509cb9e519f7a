import { z } from 'zod'
import { MODES } from '../ports/desk.ts'
import { bearsNoPassword, channels, name, secretReference, wordList, words } from './parts.ts'

export const environment = z
  .strictObject({
    namespace: words.describe('the Kubernetes namespace, like shop-staging'),
    cluster: words
      .optional()
      .describe('the kubeconfig context, like production-eu; may be left out while the program drives the sandbox'),
    aliases: wordList.default([]).describe('other words people use for it, like [prod, live]'),
    protected: z.boolean().default(false).describe('true or false: rules can ask for more where it is true'),
    channels: channels.describe(
      'channels that hear of changes in it, like ["slack:C012AB3CD", "slack:#prod-changes", "teams:19:…@thread.tacv2"]',
    ),
    mode: z.enum(MODES).optional().describe('read-only, suggest, review or autonomous: how far changes may go here'),
  })
  .describe('an environment: namespace, cluster, aliases, protected, channels, mode')

export const service = z
  .strictObject({
    aliases: wordList.default([]).describe('other words people use for it, like [pay, billing-api]'),
    team: name.optional().describe('the team that owns it, like payments'),
    owners: wordList.default([]).describe('the people who own it, by their ids, like [mira]'),
    dependsOn: z.array(name).default([]).describe('the services it needs, like [cart, payments]'),
    channels: channels.describe('channels that hear of changes of it, like ["slack:C012AB3CD", "slack:#checkout"]'),
    workload: words.optional().describe("the name of its Deployment, when it differs from the service's"),
    container: words.optional().describe('the container whose image is deployed, when there are several'),
    repository: words
      .optional()
      .describe('its image repository without a tag, like registry.example.com/shop/checkout'),
    environments: z.array(name).default([]).describe('where it runs, like [staging, production]; empty is everywhere'),
  })
  .describe('a service: aliases, team, owners, dependsOn, channels, workload, container, repository, environments')

export const registry = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .refine(bearsNoPassword)
      .describe('the address of the registry without a password, like https://registry.example.com'),
    username: words.optional().describe('the user name, or a reference like env:REGISTRY_USER'),
    password: secretReference.optional(),
  })
  .describe('an image registry: url (http:// is allowed when written), username, password')
