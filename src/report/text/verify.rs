//! The sentences of `verify`; names, figures and lists come as finished text.

words! {
    /// What is said of the files of a results folder.
    Words;
    identical() = "identical", "som den skal være";
    but_for_names(renamed) = "identical, but for names of an older version: {renamed}", "som den skal være, på nær navne fra en ældre version: {renamed}";
    now(old, new) = "`{old}` is `{new}` now", "`{old}` hedder nu `{new}`";
    missing() = "missing", "mangler";
    no_file() = "a link or a device, and no file", "en genvej eller enhed, og ingen fil";
    extra() = "not written by the run", "ikke skrevet af kørslen";

    since_the_run() = "changed since the run: its digest is not the one in passport.json, and the run gives that one", "ændret efter kørslen: kontrolsummen er ikke den i passport.json, og det er den, kørslen giver";
    with_its_digest() = "not what the run gives, though its digest is the one in passport.json", "ikke det, kørslen giver, selv om kontrolsummen er den i passport.json";
    neither() = "neither what the run gives nor what passport.json names", "hverken det, kørslen giver, eller det, passport.json nævner";
    no_longer_follows() = "as it was written (its digest is in passport.json), but not what the scenario in this folder gives", "som den blev skrevet (kontrolsummen står i passport.json), men ikke det, scenariet i denne mappe giver";
    as_written() = "as it was written (its digest is in passport.json); not run again", "som den blev skrevet (kontrolsummen står i passport.json); ikke regnet igen";
    not_as_written() = "changed since the run: its digest is not the one in passport.json", "ændret efter kørslen: kontrolsummen er ikke den i passport.json";
    other_version() = "as it was written (its digest is in passport.json), but another version writes it in other bytes", "som den blev skrevet (kontrolsummen står i passport.json), men en anden version skriver den med andre bytes";

    is(key, column, found, expected, by) = "{key}: {column} is `{found}`, should be `{expected}`{by}", "{key}: {column} er `{found}`, skal være `{expected}`{by}";
    value_is(path, found, expected) = "{path} is {found}, should be {expected}", "{path} er {found}, skal være {expected}";
    rows(found, expected) = "{found} rows instead of {expected}", "{found} rækker i stedet for {expected}";
    and_more(count) = "and {count} more", "og {count} mere";
    figures(differ, all) = "{differ} of {all} figures differ", "{differ} af {all} tal er anderledes";
    same_figures(byte) = "no figure differs: other marks or line ends, from byte {byte} on", "intet tal er anderledes: andre tegn eller linjeskift, fra byte {byte}";
    bytes(byte) = "other bytes, from byte {byte} on", "andre bytes, fra byte {byte}";
    in_line(line) = " (line {line})", " (linje {line})";
    line(line, found, expected) = "line {line} has `{found}`, should have `{expected}`", "linje {line} har `{found}`, skal have `{expected}`";
    cut_short(found, expected) = "cut short: {found} of {expected} bytes, and these are right", "afkortet: {found} af {expected} bytes, og de er rigtige";
    too_long(more) = "all that should be there is, and {more} bytes more", "alt, der skal være der, er der, og {more} bytes mere";
    much_too_long(found, expected) = "{found} bytes instead of {expected}; not read", "{found} bytes i stedet for {expected}; ikke læst";
    no_text(byte) = "damaged: no text at byte {byte}", "beskadiget: ingen tekst ved byte {byte}";
    no_json(why) = "damaged: {why}", "beskadiget: {why}";

    other_rows(count, first) = "it is of another scenario: {count} rows are of what does not occur here, the first `{first}`", "den hører til et andet scenarie: {count} rækker er om noget, der ikke forekommer her, den første `{first}`";
    other_trials(trials, key) = "it is of a run with another number of trials: {key} is no whole number of {trials} trials", "den hører til en kørsel med et andet antal gennemregninger: {key} er ikke et helt antal af {trials} gennemregninger";
    other_seed() = "so many differ that it is the file of another run (another seed, sampler or terms) rather than an edited one", "så mange er anderledes, at det snarere er filen fra en anden kørsel (anden startværdi, metode eller andre vilkår) end en rettet fil";
    said_run(what) = "it says itself of which run it is: {what}", "den siger selv, hvilken kørsel den hører til: {what}";

    digest_of_the_file(name) = "its digest of {name} is that of the file here, not of what the run gives", "kontrolsummen for {name} er den for filen her, ikke for det, kørslen giver";
    digest_of_another(name) = "its digest of {name} is neither that of the file here nor of what the run gives", "kontrolsummen for {name} er hverken den for filen her eller for det, kørslen giver";
    digest_is_wrong(name) = "its digest of {name} is not that of the file, which is what the run gives", "kontrolsummen for {name} er ikke filens, og filen er det, kørslen giver";
    digest_is_missing(name) = "it does not name {name}, which the run writes", "den nævner ikke {name}, som kørslen skriver";
    names_a_file(name) = "it names {name}, which the run does not write", "den nævner {name}, som kørslen ikke skriver";
    of_the_scenario_that_was_run() = "of the scenario that was run, which is not the one in this folder", "om det scenarie, der blev kørt, og det er ikke det i denne mappe";
    passport_differs() = "does not fit the files", "passer ikke til filerne";
    scenario_changed() = "changed since the run: its digest is not the one in passport.json", "ændret efter kørslen: kontrolsummen er ikke den i passport.json";
    scenario_missing() = "missing; passport.json names it", "mangler; passport.json nævner den";
    scenario_extra() = "not part of what was run", "ikke en del af det, der blev kørt";

    all_follows(trials, seed, sampler) = "Every file is what the scenario in this folder gives: {trials} trials, seed {seed}, sampler {sampler}.", "Hver fil er det, scenariet i denne mappe giver: {trials} gennemregninger, startværdi (seed) {seed}, metode {sampler}.";
    edited(files) = "Edited or damaged since the run: {files}. What passport.json names and what the run gives agree, and the other files with them.", "Rettet eller beskadiget efter kørslen: {files}. Det, passport.json nævner, og det, kørslen giver, stemmer overens, og de øvrige filer med dem.";
    edited_with_passport(files) = "Changed together with passport.json: {files}. Whoever changed it gave passport.json its digest; the run gives something else.", "Ændret sammen med passport.json: {files}. Den, der ændrede, gav passport.json den nye kontrolsum; kørslen giver noget andet.";
    of_another_run(files) = "Two runs are mixed. Of another run: {files}; the other files are of the run that passport.json describes.", "To kørsler er blandet. Fra en anden kørsel: {files}; de øvrige filer er fra den kørsel, passport.json beskriver.";
    passport_of_another_run(trials, seed, sampler) = "Two runs are mixed: passport.json describes one ({trials} trials, seed {seed}, sampler {sampler}), and all results here are of another.", "To kørsler er blandet: passport.json beskriver en ({trials} gennemregninger, startværdi (seed) {seed}, metode {sampler}), og alle resultater her er fra en anden.";
    of_that_version(files) = "With the digests that passport.json names, and not what this version gives: {files}. The version that made them gave other figures, or they were changed together with passport.json.", "Med de kontrolsummer, passport.json nævner, og ikke det, denne version giver: {files}. Den version, der lavede dem, gav andre tal, eller de er ændret sammen med passport.json.";
    settings_edited(files, trials, seed, sampler) = "With the digests that passport.json names, but so different from what {trials} trials, seed {seed} and sampler {sampler} give that no single figure was edited: {files}. Either these settings in passport.json were, or the files are of another run and got their digests, or another version gave them.", "Med de kontrolsummer, passport.json nævner, men så forskellige fra det, {trials} gennemregninger, startværdi (seed) {seed} og metode {sampler} giver, at det ikke er et enkelt tal, der er rettet: {files}. Enten er disse indstillinger i passport.json rettet, eller filerne er fra en anden kørsel og fik deres kontrolsummer, eller en anden version gav dem.";
    scenario_edited(files) = "The scenario is not the one that was run: {files}. Results that do not follow from it are told above; those with the digest of passport.json are as the run wrote them.", "Scenariet er ikke det, der blev kørt: {files}. Resultater, der ikke følger af det, er nævnt ovenfor; de, der har kontrolsummen i passport.json, er, som kørslen skrev dem.";
    scenario_edited_idly(files) = "The scenario is not the one that was run: {files}. It gives the same results all the same.", "Scenariet er ikke det, der blev kørt: {files}. Det giver dog de samme resultater.";
    passport_edited() = "passport.json was changed; all results are what the scenario in this folder gives.", "passport.json er ændret; alle resultater er det, scenariet i denne mappe giver.";
    incomplete(files) = "Missing: {files}.", "Mangler: {files}.";
    too_many(files) = "Not of the run: {files}; what the run wrote is not touched by it.", "Ikke fra kørslen: {files}; det, kørslen skrev, er ikke berørt af det.";
    mixed(files) = "Differs, and neither passport.json nor the run agrees with it: {files}.", "Anderledes, og hverken passport.json eller kørslen stemmer med det: {files}.";
    older_files(files) = "Not compared: {files}. Another version wrote these bytes; the figures in the CSV files are the same. Verify with that version.", "Ikke sammenlignet: {files}. En anden version skrev disse bytes; tallene i CSV-filerne er de samme. Kontrollér med den version.";
    cannot_run() = "The scenario in this folder cannot be run, so no figure was computed again; digests alone were compared.", "Scenariet i denne mappe kan ikke køres, så intet tal er regnet igen; kun kontrolsummer er sammenlignet.";

    by_version(theirs, ours) = "Made by udfald {theirs}; this is udfald {ours}.", "Lavet med udfald {theirs}; dette er udfald {ours}.";
    same_in_both() = "No figure has changed between the two: what differs is an edit or damage.", "Intet tal er ændret mellem de to: hvad der er anderledes, er rettet eller beskadiget.";
    moved_in(version, what) = "Figures changed in {version}: {what}.", "Tal blev ændret i {version}: {what}.";
    run_that_version(version) = "To check it, run udfald {version}.", "Kontrollér med udfald {version}.";
    not_known(first) = "What changed before {first} is not recorded.", "Hvad der ændredes før {first}, er ikke optegnet.";
    newer() = "What a newer version changed is not known to this one.", "Hvad en nyere version ændrede, kender denne ikke.";
}

impl super::Language {
    /// The words of `verify`.
    pub(crate) fn verify(self) -> Words {
        Words(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::{promise_nothing, told_in_both};
    use super::*;

    #[test]
    fn every_text_is_told_in_both_languages() {
        told_in_both(ALL, &[]);
        promise_nothing(ALL);
    }
}
