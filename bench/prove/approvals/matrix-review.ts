/** Why each group of the matrix is as it is. A group that nobody has written a reason for is not reviewed, and breaks the proof. */
export const REVIEWED: Readonly<Record<string, string>> = {
  cancel: 'Stopping works in every mode and asks nobody; whoever could have asked for a change, or approved it, may.',
  delegate: 'Lends only what one holds, so approvers alone; it changes nothing outside, so no mode holds it back.',
  deploy: 'Operators; a second person from staging on. Without an environment it counts as all of them.',
  halt: 'Stopping again: everybody who has a hand in changes, the one with the glass too, at once.',
  link: "Ties an account of one's own; needs any role, and gives none.",
  lock: 'Only ever holds others back, so operators need nobody; a mode that runs nothing sets no locks either.',
  mode: 'Admins alone, in every mode, or nobody could leave read-only. It opens what it opens without a second person.',
  restart: 'Operators; a second person where the environment is protected.',
  resume: 'Lifts a halt: not the operators, who may be the ones halted; every change is gated again when it starts.',
  rollback: 'As a restart: back to what ran before, in a hurry, so staging asks nobody.',
  'scale (write)': 'Operators; a second person where the environment is protected.',
  'scale (destructive)': 'To nothing at all: two others where the environment is protected.',
  settle: 'Says how it ended and runs nothing, so nobody is asked; not the approvers, who did not look at the target.',
  subscribe:
    'Shows a channel what anybody with a role may ask for; it changes nothing outside, so no mode holds it back.',
  undo: 'Is gated as the skill it leads to; this is what holds where it leads nowhere.',
  unlink:
    "As the link: an account of one's own, in every mode (the skill looks whose it is, and lets admins end others').",
  unlock:
    "Operators for their own lock, admins for anybody's (the skill looks whose); held back by a mode like the lock.",
  unsubscribe: 'As the subscription that it ends.',
}
