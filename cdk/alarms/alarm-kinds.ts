/** What each kind of alarm says. Its name is the section of docs/runbook.md that says what to do. */
export const alarmKinds = {
  "snapshot-is-old": "No snapshot has been published for one and a half of its intervals.",
  "run-failed": "Every attempt at a run failed.",
  "guard-refused": "A directory was read and not published, because it did not look whole.",
  "scheduled-invocation-failed": "What a schedule began failed each time, or could not be begun.",
  "dead-letters": "Messages were given up: they lie in the dead-letter queue.",
  "service-trouble": "Requests of employees failed for what only the people who run the gateway can mend.",
  "messages-wait": "A message waits for too long.",
  "results-wait": "Results are not taken out of their queue.",
  "sign-in-refused": "The credential, or the app's rights, do not let calls be made.",
  "credential-refused": "The credential in the secret cannot be used. An earlier one is, while it is valid.",
  "certificate-ends": "The certificate that is signed in with ends soon.",
  "validation-failed": "A check of the credential failed.",
  "exchange-throttles": "Exchange refuses calls, because the tenant has too many under way.",
  "powershell-is-lost": "PowerShell ended or hung again and again, and had to be replaced.",
  "time-runs-out": "A function needed nearly all of its time.",
  "lookups-fail": "Look-ups fail for those who wait for them.",
  "failures-get-lost": "An invocation failed, and Lambda could not put it where failures are kept.",
};

export type AlarmKind = keyof typeof alarmKinds;
