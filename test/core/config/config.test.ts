import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { schemaText } from '../../../core/config/write-schema.ts'
import { configFrom, loadConfig } from '../../../core/config.ts'
import { ConfigError, messageOf } from '../../../core/errors.ts'
import { policyOf } from '../../../core/policy.ts'

const EXAMPLE = readFileSync('quarterdeck.yaml', 'utf8')

describe('quarterdeck.yaml', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-config-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const put = (text: string, name = 'quarterdeck.yaml') => {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  const load = (text: string, env: NodeJS.ProcessEnv = {}) => loadConfig({ file: put(text), env })
  const refusal = (text: string, env: NodeJS.ProcessEnv = {}) => {
    try {
      load(text, env)
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      return messageOf(error)
    }
    throw new Error('it was accepted')
  }
  /** The example with one line changed. */
  const changed = (from: string, to: string) => {
    expect(EXAMPLE).toContain(from)
    return EXAMPLE.replace(from, to)
  }
  const lineOf = (text: string, part: string) => text.slice(0, text.lastIndexOf(part)).split('\n').length

  test('the example says what it should', () => {
    const config = load(EXAMPLE)
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8321 })
    expect(config.dataFolder).toBe(join(folder, '.data'))
    expect(config.environments.map(({ name, namespace, protected: guarded }) => [name, namespace, guarded])).toEqual([
      ['dev', 'shop-dev', false],
      ['staging', 'shop-staging', false],
      ['production', 'shop-production', true],
    ])
    expect(config.services).toHaveLength(12)
    expect(config.people.flatMap(({ grants }) => grants).map(({ role }) => role)).not.toContain('admin')
    expect(config.people.find(({ id }) => id === 'jonas')).toMatchObject({
      timezone: 'Europe/Stockholm',
      accounts: [
        { surface: 'web', id: 'jonas' },
        { surface: 'cli', id: 'jonas' },
      ],
      grants: [
        { role: 'approver', environments: ['*'], teams: ['*'] },
        { role: 'operator', environments: ['dev', 'staging'], teams: ['*'] },
      ],
    })
    expect(config.rules.approvals[0]).toMatchObject({ expiresMs: 1_800_000, remindMs: 600_000, require: { count: 1 } })
    expect(config.rules.breakGlass).toEqual({ reviewer: 'jonas', reviewWithinMs: 86_400_000, validMs: 900_000 })
    expect(config.modes).toEqual({ everywhere: 'review', scoped: {} })
  })

  test('its comments hold rules that work when the marks are taken away', () => {
    const uncommented = EXAMPLE.replaceAll(/^(denies|freezes): \[\]$/gm, '$1:')
      .replaceAll(/^# (model:| {2}(?:url|name|key|timeout|tokensPerDay|price):)/gm, '$1')
      .replaceAll(/^# (- | {2})/gm, '  $1')
    const config = load(uncommented)
    expect(config.rules.denies).toHaveLength(1)
    expect(config.rules.freezes).toMatchObject([{ weekly: { from: 'Fri 18:00', to: 'Mon 07:00' } }])
  })

  test('the checked-in schema is the one of this code (npm run config:schema)', () => {
    expect(readFileSync('quarterdeck.schema.json', 'utf8')).toBe(schemaText())
    expect(EXAMPLE.startsWith('# yaml-language-server: $schema=./quarterdeck.schema.json')).toBe(true)
  })

  test.each([
    // a misspelt key, and not the key that is missing because of it
    [
      'namespace: shop-staging',
      'namespce: shop-staging',
      'environments.staging.namespce is not a key that exists; write "namespace" instead',
    ],
    [
      '  - name: production changes',
      '  - nme: production changes',
      'approvals[0].nme is not a key that exists; write "name" instead',
    ],
    ['port: 8321', 'port: eighty', 'listen.port is "eighty"; write a port number between 0 (any free one) and 65535'],
    ['port: 8321', 'port: 99999', 'listen.port is 99999; write a port number'],
    [
      'timezone: Asia/Kolkata',
      'timezone: Asia/Calcuta',
      'people.priya.timezone is "Asia/Calcuta"; write a time zone of the IANA list',
    ],
    ['planExpires: 1h', 'planExpires: soon', 'planExpires is "soon"; write a duration like 30m'],
    [
      'role: viewer',
      'role: reader',
      'people.priya.roles[0].role is "reader"; write viewer, operator, approver, admin or breakglass',
    ],
    ['store: embedded', 'store: { uri: env:X }', 'store.uri is not a key that exists; write "url" instead'],
    [
      'store: embedded',
      'store: sqlite',
      'store is "sqlite"; write embedded, or { url: env:DATABASE_URL } for PostgreSQL',
    ],
    ['mode: review', 'mode: yolo', 'mode is "yolo"; write read-only, suggest, review or autonomous'],
    [
      'environments: [staging], skills: [deploy]',
      'environments: [stagin], skills: [deploy]',
      'approvals[2].when.environments names the environment "stagin", which is not in this file; write "staging" instead',
    ],
    [
      'reviewer: jonas',
      'reviewer: jon',
      'breakGlass.reviewer names the person "jon", which is not in this file; write "jonas" instead',
    ],
    [
      'dependsOn: [cart, inventory, payments, orders]',
      'dependsOn: [chart, inventory]',
      'services.checkout.dependsOn names the service "chart", which is not in this file; write "cart" instead',
    ],
    ['aliases: [basket]', 'aliases: [web]', 'services.cart.aliases names "web", which already means web'],
    [
      '{ web: lena, cli: lena }',
      '{ web: jonas, cli: lena }',
      'people.lena.accounts.web is "jonas", which belongs to jonas already',
    ],
    [
      'name: staging deploys',
      'name: production changes',
      'approvals[2].name is "production changes", like the rule above it',
    ],
    [
      '  cart: {',
      '  Cart Service: {',
      'services.Cart Service is not a name that can be used; write a name of lower-case letters',
    ],
  ])('%s → %s is one sentence with its line', (from, to, says) => {
    const text = changed(from, to)
    const sentence = refusal(text)
    expect(sentence).toContain(`quarterdeck.yaml, line ${lineOf(text, to.trim())}: ${says}`)
    expect(sentence).not.toContain('\n')
  })

  test('a missing key is looked for where it should be', () => {
    const text = changed('    name: Mira Vogel\n', '')
    expect(refusal(text)).toContain(`quarterdeck.yaml, line ${lineOf(text, '  mira:\n')}: people.mira.name is missing`)
  })

  test('text that is no YAML, and a key that is there twice, name the line', () => {
    expect(refusal('environments:\n  dev: {namespace: a\nlog: info\n')).toMatch(
      /^quarterdeck\.yaml, line [23]: this is not valid YAML/,
    )
    expect(refusal(`${EXAMPLE}\nlog: warn\n`)).toMatch(/line \d+: this is not valid YAML \(Map keys must be unique\)/)
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]`
    expect(refusal(bomb)).toContain('repeats itself through aliases')
  })

  test('a list at the top, an empty file and no file at all have their sentences', () => {
    expect(refusal('- a\n- b\n')).toContain('the file is a list; write the configuration of Quarterdeck')
    expect(refusal('')).toContain('environments is missing; write at least one environment')
    expect(() => loadConfig({ file: join(folder, 'none.yaml'), env: {} })).toThrow(
      /cannot be read \(ENOENT.*correct --config/,
    )
  })

  test('a password in the file is refused without being repeated', () => {
    const sentence = refusal(changed('store: embedded', 'store: { url: "postgres://me:hunter2secret@db/q" }'))
    expect(sentence).toContain('a password belongs into the environment or a file')
    expect(sentence).not.toContain('hunter2secret')
    expect(load(changed('store: embedded', 'store: { url: "postgres://me@db/q" }')).store).toMatchObject({
      kind: 'postgres',
    })
    expect(refusal(changed('store: embedded', 'store: { url: vault:secret/db }'))).toContain('store.url')
  })

  test('the environment overrides what belongs to the machine', () => {
    const config = load(EXAMPLE, {
      QUARTERDECK_LISTEN: '0.0.0.0:9000',
      QUARTERDECK_DATA: join(folder, 'elsewhere'),
      QUARTERDECK_STORE_URL: 'postgres://q:pw@db/q',
      QUARTERDECK_QUEUE_URL: 'redis://cache:6379/1',
      QUARTERDECK_CLUSTER: '/etc/kubeconfig',
    })
    expect(config).toMatchObject({
      listen: { host: '0.0.0.0', port: 9000 },
      dataFolder: join(folder, 'elsewhere'),
      store: { kind: 'postgres', url: 'env:QUARTERDECK_STORE_URL' },
      queue: { kind: 'redis', url: 'env:QUARTERDECK_QUEUE_URL' },
      cluster: { kind: 'kubeconfig', path: '/etc/kubeconfig' },
    })
    expect(load(EXAMPLE, { QUARTERDECK_LISTEN: '[::1]:0' }).listen).toEqual({ host: '::1', port: 0 })
    expect(load(EXAMPLE, { QUARTERDECK_LISTEN: '8000' }).listen).toEqual({ host: '127.0.0.1', port: 8000 })
    expect(refusal(EXAMPLE, { QUARTERDECK_LISTEN: 'here' })).toContain('QUARTERDECK_LISTEN is "here"')
    expect(refusal(EXAMPLE, { QUARTERDECK_STORE_URL: 'mysql://me:pw12345@db' })).toMatch(
      /^QUARTERDECK_STORE_URL is not an address[^@]*$/,
    )
  })

  test('an environment without a cluster is the sandbox, or a mistake where a real cluster is meant', () => {
    const text = EXAMPLE.replaceAll('    cluster: sandbox\n', '')
    expect(load(text).environments.map(({ cluster }) => cluster)).toEqual(['sandbox', 'sandbox', 'sandbox'])
    expect(refusal(text.replace('cluster: sandbox', 'cluster: { kubeconfig: ./kc }'))).toContain(
      'environments.dev.cluster is missing',
    )
  })

  test('Backstage files bring services', () => {
    put(
      [
        'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: Ledger',
        "  annotations: { 'backstage.io/kubernetes-id': ledger-api }",
        'spec: { type: service, owner: group:default/finance, dependsOn: [component:default/payments, resource:db] }',
        '---\nkind: API\nmetadata: { name: ledger-v1 }\n---\nkind: Component\nmetadata: { name: site }\nspec: { type: website }',
      ].join('\n'),
      'services/ledger/catalog-info.yaml',
    )
    const named = `${EXAMPLE}\ncatalogInfo: [services/*/catalog-info.yaml]\n`
    expect(load(named).components).toMatchObject([
      { name: 'ledger', team: 'finance', dependsOn: ['payments'], workload: 'ledger-api', source: 'backstage' },
    ])
    put('kind: Component\nmetadata: {}\n', 'services/broken/catalog-info.yaml')
    expect(refusal(named)).toMatch(/services\/broken\/catalog-info\.yaml \(named in catalogInfo\): metadata\.name/)
    expect(refusal(`${EXAMPLE}\ncatalogInfo: [nowhere/*.yaml]\n`)).toContain('there is no such file')
  })

  test('the policy version moves with the rules and with what is protected, and with nothing else', () => {
    const content = parse(EXAMPLE)
    const version = (over: object) => policyOf(configFrom({ ...content, ...over })).version
    const base = version({})
    expect(version({ listen: { port: 1 } })).toBe(base)
    expect(version({ planExpires: '2h' })).not.toBe(base)
    expect(version({ approvals: content.approvals.slice(1) })).not.toBe(base)
    const open = { ...content.environments, production: { ...content.environments.production, protected: false } }
    expect(version({ environments: open })).not.toBe(base)
  })
})
