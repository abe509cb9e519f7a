import { UserError } from '../../core/errors.ts'
import type { ClusterWriter } from '../../core/ports/cluster.ts'
import { ANNOTATION, RESTARTED_AT } from './annotations.ts'
import type { Deployment } from './kinds.ts'
import { type Locator, mainContainer, type Place } from './locate.ts'
import { ownerOf } from './owners.ts'
import { callOff, writeField } from './write.ts'

const NEVER = 'never restarted'

/**
 * Writes by server-side apply, forced on exactly the fields set: whoever set them before (kubectl, a script) stops being their owner and
 * nothing else is touched. What Argo CD, Flux or Helm owns is refused here too, not only in the plan: an owner may have come since.
 * See writeField for preconditions, repeats and errors.
 */
export function createWriter(locator: Locator): ClusterWriter {
  return {
    async setImage(ref, { image, version, expectImage, operation, step }) {
      const place = locator.place(ref)
      return writeField(place, {
        field: 'the image',
        from: expectImage,
        to: image,
        found: (deployment) => mainContainer(deployment, place).image,
        refuse: (deployment) => refuseOwned(place, deployment),
        set: (own, deployment) => ({
          ...own,
          images: { ...own.images, [mainContainer(deployment, place).name]: image },
          annotations: {
            ...own.annotations,
            [ANNOTATION.version]: version,
            [ANNOTATION.image]: image,
            [ANNOTATION.deployedBy]: operation,
            [ANNOTATION.changeCause]: `${ref.service} ${version} by Quarterdeck (${operation})`,
          },
        }),
        operation,
        step,
      })
    },

    async setReplicas(ref, { replicas, expectReplicas, operation, step }) {
      const place = locator.place(ref)
      return writeField(place, {
        field: 'the number of replicas',
        from: String(expectReplicas),
        to: String(replicas),
        found: ({ spec }) => String(spec.replicas),
        refuse: (deployment) => refuseOwned(place, deployment),
        set: (own) => ({ ...own, replicas }),
        operation,
        step,
      })
    },

    async restart(ref, { at, expectRestartedAt, operation, step }) {
      const place = locator.place(ref)
      return writeField(place, {
        field: 'the time of the last restart',
        from: expectRestartedAt ?? NEVER,
        to: at,
        found: ({ spec }) => spec.template.metadata.annotations[RESTARTED_AT] ?? NEVER,
        set: (own) => ({ ...own, restartedAt: at }),
        operation,
        step,
      })
    },

    callOff: (ref, write) => callOff(locator.place(ref), write),
  }
}

function refuseOwned({ ref }: Place, deployment: Deployment): UserError | undefined {
  const owner = ownerOf(deployment)
  if (!owner?.reverts) return undefined
  return new UserError(
    `${ref.service} in ${ref.environment} is not ours to change. ${owner.effect} Nothing was changed.`,
  )
}
