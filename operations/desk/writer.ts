import { sayChannel } from '../../core/channel-key.ts'
import { FencedError, UserError } from '../../core/errors.ts'
import type { PersonId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { DeskWriter, WriteMark } from '../../core/ports/desk.ts'
import { severAccount } from '../../db/accounts.ts'
import { appendAudit, auditOfOperation } from '../../db/audit.ts'
import type { Transaction } from '../../db/database.ts'
import { addDelegation } from '../../db/delegations.ts'
import { listLocks, putLock, removeLock } from '../../db/locks.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import { approvedOperations, operationById, operationForUpdate } from '../../db/operations.ts'
import { addOutbox } from '../../db/outbox.ts'
import { notify } from '../../db/store.ts'
import { addSubscription, removeSubscriptions } from '../../db/subscriptions.ts'
import { clearSwitch, setSwitch } from '../../db/switches.ts'
import { cancelOperation, hurry } from '../cancel.ts'
import type { House } from '../deps.ts'
import { sayTime } from '../gate/denials.ts'
import { look, type Scene } from '../scene.ts'
import { settleOperation } from '../settle.ts'

type Written = { readonly result: JsonObject; readonly says: string }

/**
 * Quarterdeck's own state, to write. Each write commits together with its audit row, which holds its result: doing it again for the
 * same operation finds that row, changes nothing and returns the same. And only while the claim of that operation holds.
 */
export function deskWriter(house: House, claim: Pick<StoredOperation, 'id' | 'fence'>): DeskWriter {
  async function holdClaim(tx: Transaction): Promise<void> {
    const holder = await operationForUpdate(tx, claim.id)
    if (holder?.fence !== claim.fence) throw new FencedError(`${claim.id} was taken over by another worker`)
  }

  /** `about` tells the writes of one operation apart that are of the same kind: locks on several services, modes in several places. */
  async function once(
    { about, ...mark }: WriteMark & { readonly about?: string },
    kind: string,
    write: (tx: Transaction, scene: Scene) => Promise<Written>,
  ): Promise<JsonObject> {
    const scene = await look(house)
    return house.store.transaction(async (tx) => {
      await holdClaim(tx)
      const told = (await auditOfOperation(tx, mark.operation)).find(
        (row) => row.kind === `desk.${kind}` && (about === undefined || row.data.about === about),
      )
      if (told) return told.data
      const { result, says } = await write(tx, scene)
      const { operation: operationId, by: actor } = mark
      await appendAudit(tx, [
        { actor, kind: `desk.${kind}`, operationId, says, data: { ...result, about }, at: scene.now },
      ])
      return result
    })
  }

  return {
    async lock(mark, { service, environment, reason, until }) {
      await once({ ...mark, about: `${service}/${environment}` }, 'lock', async (tx, scene) => {
        const lock = {
          service,
          environment,
          personId: mark.by,
          reason: reason ?? null,
          since: scene.now,
          until: until ?? null,
          operationId: mark.operation,
        }
        const held = await putLock(tx, lock)
        if (held.operationId !== mark.operation) {
          throw new UserError(
            `${service} in ${environment} is locked by ${scene.nameOf(held.personId)} since ${sayTime(held.since)}.`,
          )
        }
        const payload = { service, environment }
        if (until) await addOutbox(tx, [{ kind: 'unlock', operationId: mark.operation, payload, dueAt: until }])
        const span = until ? ` until ${sayTime(until)}` : ''
        return { result: {}, says: `${scene.nameOf(mark.by)} locked ${service} in ${environment}${span}.` }
      })
    },

    async unlock(mark, { service, environment, heldBy, since }) {
      await once({ ...mark, about: `${service}/${environment}` }, 'unlock', async (tx, scene) => {
        const removed = await removeLock(tx, { service, environment, personId: heldBy, since })
        const [other] = removed ? [] : await listLocks(tx, { service, environment, now: scene.now })
        if (other) {
          const says = `${service} in ${environment} is locked by ${scene.nameOf(other.by.id)} since ${sayTime(other.since)}, which is not the lock that was to be opened. It was left alone.`
          throw new UserError(says)
        }
        return { result: {}, says: `${scene.nameOf(mark.by)} unlocked ${service} in ${environment}.` }
      })
    },

    async halt(mark, reason) {
      const { stopped } = await once(mark, 'halt', async (tx, scene) => {
        await setSwitch(tx, switchRow('halt', 'on', mark, scene, reason))
        const waiting = (await approvedOperations(tx)).filter((id) => id !== mark.operation)
        const why = reason ? `: ${reason}` : '.'
        return { result: { stopped: waiting.length }, says: `${scene.nameOf(mark.by)} halted all changes${why}` }
      })
      return { stopped: Number(stopped) }
    },

    async resume(mark) {
      await once(mark, 'resume', async (tx, scene) => {
        await clearSwitch(tx, 'halt')
        const waiting = await approvedOperations(tx)
        await addOutbox(
          tx,
          waiting.map((operationId) => ({ kind: 'advance', operationId, dueAt: scene.now, atOnce: true })),
        )
        return { result: {}, says: `${scene.nameOf(mark.by)} let changes start again.` }
      })
    },

    async setMode(mark, mode, scope) {
      await once({ ...mark, about: scope }, 'mode', async (tx, scene) => {
        await setSwitch(tx, switchRow(`mode:${scope}`, mode, mark, scene))
        const place = scope === '*' ? 'everywhere' : `in ${scope}`
        return { result: {}, says: `${scene.nameOf(mark.by)} set the mode ${place} to ${mode}.` }
      })
    },

    async delegate(mark, to: PersonId, until) {
      await once(mark, 'delegate', async (tx, scene) => {
        await addDelegation(tx, { from: mark.by, to, until, operationId: mark.operation, now: scene.now })
        const says = `${scene.nameOf(to)} may approve in place of ${scene.nameOf(mark.by)} until ${sayTime(until)}.`
        return { result: {}, says }
      })
    },

    async unlink(mark, account, from) {
      const says = `${account.surface}:${account.id}`
      await once(mark, 'unlink', async (tx, scene) => {
        const severed = await severAccount(tx, { account, personId: from, by: mark.by, at: scene.now })
        if (!severed) throw new UserError(`${says} is no longer linked to ${scene.nameOf(from)}; nothing was changed.`)
        await notify(tx, 'people', '')
        return { result: {}, says: `${scene.nameOf(mark.by)} unlinked ${says} from ${scene.nameOf(from)}.` }
      })
    },

    async subscribe(mark, wish) {
      const what = `${wish.service ?? 'all services'} in ${wish.environment ?? 'all environments'}`
      await once({ ...mark, about: what }, 'subscribe', async (tx, scene) => {
        await addSubscription(tx, { ...wish, by: mark.by, operation: mark.operation, now: scene.now })
        const channel = sayChannel(wish.surface, wish.channel)
        return { result: {}, says: `${scene.nameOf(mark.by)} subscribed ${channel} to changes of ${what}.` }
      })
    },

    async unsubscribe(mark, ids) {
      await once({ ...mark, about: ids.join(' ') }, 'unsubscribe', async (tx, scene) => {
        await removeSubscriptions(tx, ids)
        return { result: {}, says: `${scene.nameOf(mark.by)} ended ${ids.length} subscriptions of a channel.` }
      })
    },

    async cancel(mark, id) {
      await once(mark, 'cancel', async (tx, scene) => {
        const { state } = await cancelOperation(house, tx, scene, id, mark.by)
        return { result: { state }, says: `${scene.nameOf(mark.by)} asked to cancel ${id}.` }
      })
      hurry(house, id)
      const now = await operationById(house.store.db, id)
      if (!now) throw new UserError(`There is no operation ${id}.`)
      return { state: now.state }
    },

    async settle(mark, id, outcome, reason) {
      await once(mark, 'settle', async (tx, scene) => {
        await settleOperation(house, tx, scene, id, { by: mark.by, outcome, reason, operation: mark.operation })
        return { result: {}, says: `${scene.nameOf(mark.by)} settled ${id}.` }
      })
    },
  }
}

function switchRow(name: string, value: string, mark: WriteMark, scene: Scene, reason?: string) {
  return { name, value, personId: mark.by, reason: reason ?? null, since: scene.now, operationId: mark.operation }
}
