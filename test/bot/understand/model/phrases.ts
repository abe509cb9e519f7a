import { NONE, type TrainingExample } from '../../../../bot/understand/model/intent-model.ts'

const SAID: Record<string, readonly string[]> = {
  deploy: [
    'deploy {service} {version} to {environment}',
    'ship {version} of {service} to {environment}',
    'please roll {service} {version} out in {environment}',
    'can you release {service} {version}',
    'put {version} of {service} on {environment}',
    'get {service} {version} live in {environment}',
    'push version {version} of {service}',
    'deploying {service} at {version} to {environment} please',
  ],
  restart: [
    'restart {service} in {environment}',
    'bounce {service}',
    'kick the pods of {service} in {environment}',
    'please restart {service}',
    'can you bounce {service} in {environment}',
    'cycle the {service} pods',
    '{service} hangs, restart it',
    'give {service} a restart in {environment}',
  ],
  scale: [
    'scale {service} to {number} in {environment}',
    'run {number} replicas of {service}',
    'give {service} {number} more pods',
    'we need {number} more {service} in {environment}',
    'set replicas of {service} to {number}',
    'scale {service} down to {number}',
    'take {service} up to {number} pods for {duration}',
    'double the pods of {service}',
  ],
  oncall: [
    'who is on call for {service}',
    'who has the pager tonight',
    'on call for {service}?',
    'whom do i wake for {service}',
    'who carries the pager for {service}',
    'who is on duty now',
    'show me who is on call',
    'who do i ring about {service} at night',
  ],
  [NONE]: [
    'thanks a lot, have a nice evening',
    'lunch at noon?',
    'the meeting is in the blue room',
    'i am off tomorrow, see you on monday',
    'did you watch the game yesterday',
    'my cat sat on the keyboard again',
    'happy birthday to our favourite colleague',
    'the coffee machine is broken',
    'good morning everyone',
    'that film was far too long',
    'is anybody driving home by the station',
    'lol',
  ],
}

/** A few things people ask for and some chatter, so small that training takes milliseconds. */
export const phrases: readonly TrainingExample[] = Object.entries(SAID).flatMap(([label, texts]) =>
  texts.map((text) => ({ text, label })),
)
