const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

// Little words of German, Spanish and French that are no English words and nobody's service.
const FOREIGN = set(`
  der das den dem des ein eine einen einem einer und oder aber nicht kein keine bitte auf für fuer von vom zum zur mit bei nach aus ist sind wird werden wurde hat haben kann
  kannst könnte könntest koennte soll sollte sollen sollten muss müssen ich du wir ihr mir mich uns euch dich sich wie wer wo wann warum welche welcher welches wieviel viel noch mal einmal schon jetzt
  heute morgen gestern alle alles bis seit wegen damit dass wenn ob hoch runter zurück zurueck neu neue neuen neustarten starte starten zeig zeige mach mache fahr fahre rolle setz setze spiel spiele
  schalte sperre entsperre brich stoppe läuft laeuft los gib gibt letzte letzten stunde stunden minuten kosten vorfall störung im beim ins wegen gerade eben rauf dazu danke hallo moin tschüss
  el los las una unos unas del al y pero por para con sin sobre que qué como cómo quién quien dónde donde cuándo cuando cuánto cuanto cuántos está esta están estan estado este ser hay haz pon ponme muestra
  muéstrame reinicia reiniciar despliega desplegar sube subir baja bajar escala escalar deshaz bloquea desbloquea cancela detén favor necesito quiero puedes podrías hoy ayer mañana últimas ultimas horas minutos
  gracias hola nuestro su sus mi mis tu tus nos ya más mas también hasta desde entorno servicio versión dame dime quita anterior
  le la les du des un une et ou mais pas ne dans sur sous avec sans pour chez est sont était quel quelle quels quelles qui quoi comment combien pourquoi où quand peux peut pourrais pourrait pouvez
  faut dois doit mets mettre montre montrer redémarre redemarre redémarrer déploie deploie déployer passe passer augmente réduis annule arrête arrete bloque débloque plaît plait svp stp merci bonjour salut
  je tu il nous vous ils mon ma mes ton notre votre leur ce cet cette ces hier demain aujourd'hui heures dernière dernières version-là jusqu'à depuis encore déjà tous toutes tout remets relance
  ne'st n'est s'il c'est d'hier qu'est d'état l'état l'incident j'ai
`)

// Words among them that English chat or a name may well hold.
const SHARED = set(
  'la los las el mi me tu des plait esta ma mes ton tout version un une su le les morgen hoch neu du il escala ya y im hat comment pour est mal sin con passe los den dame',
)

/** How many words of a text (lower case) belong to another language than English; scripts that English has no use for count fully. */
export function isForeign(lowers: readonly string[]): boolean {
  if (
    lowers.some((word) =>
      /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}]/u.test(
        word,
      ),
    )
  )
    return true
  if (lowers.some((word) => /[¿¡ßñ]/.test(word))) return true
  const surely = lowers.filter((word) => FOREIGN.has(word) && !SHARED.has(word)).length
  const maybe = new Set(lowers.filter((word) => SHARED.has(word))).size
  return surely > 0 || maybe > 1
}
