import { expect, test } from 'vitest'
import { Deployment } from '../../../clients/kubernetes/kinds.ts'
import { createJudge } from '../../../clients/kubernetes/rollout-verdict.ts'
import { deployment } from './fake-cluster.ts'

test('a change that the cluster never takes up has failed at the progress deadline, not followed for ever', () => {
  const judge = createJudge(2)
  const spec = { ...deployment.spec, progressDeadlineSeconds: 60 }
  const written = { ...deployment, spec, metadata: { ...deployment.metadata, generation: 2 } }
  const seen = (observedGeneration: number) => ({
    deployment: Deployment.parse({ ...written, status: { observedGeneration, replicas: 2, updatedReplicas: 2 } }),
    replicaSets: [],
    pods: [],
    events: [],
  })
  expect(judge(seen(1), 5_000)).toMatchObject({ end: undefined, askAgainMs: 60_000 })
  expect(judge(seen(1), 64_000)).toMatchObject({ end: undefined, askAgainMs: 1_000 })
  const says = expect.stringMatching(/^the cluster has not taken up the change of checkout for 60 s/)
  expect(judge(seen(1), 65_000)).toMatchObject({
    end: 'failed',
    findings: [{ problem: { kind: 'progress-deadline', says } }],
  })

  const late = createJudge(2)
  late(seen(1), 5_000)
  // Taken up in the last moment: its own deadline begins.
  expect(late(seen(2), 64_000)).toMatchObject({ end: undefined, askAgainMs: 60_000 })
})
