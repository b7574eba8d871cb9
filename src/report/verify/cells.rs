//! Comparing CSV files cell by cell: which figure differs and by how much, in the file's own keys, and whether so much differs
//! that it is the file of another run.

use std::collections::BTreeSet;

use super::bytes::{damaged_text, in_common};
use super::{Difference, Telling};
use crate::report::profile::Profile;

/// Where so many figures differ, and one in [`OTHER_SHARE`], it is another run rather than an edit.
const OTHER_FIGURES: usize = 10;
const OTHER_SHARE: usize = 5;

/// Significant digits of a share: half a unit of the last is this share of it at most.
const SHARE_ERROR: f64 = 5e-6;

/// How a CSV file differs.
pub(super) fn difference(found: &[u8], expected: &[u8], telling: Telling<'_>) -> Difference {
    let words = telling.words;
    let damaged = damaged_text(found, words);
    let (table, should) = (Cells::read(found, telling.profile), Cells::read(expected, telling.profile));
    if let Some(other) = other_scenario(&table, &should, telling) {
        return Difference { lines: Vec::new(), other_run: Some(other) };
    }
    let mut lines = damaged.map_or_else(Vec::new, |told| told.lines);
    if table.rows.len() != should.rows.len() {
        lines.push(words.rows(&table.rows.len().to_string(), &should.rows.len().to_string()));
    }
    let (cells, same) = changed(&table, &should, telling);
    let other = other_run(&table, cells.len(), same, telling);
    if cells.len() > super::MOST_SHOWN {
        lines.push(words.figures(&cells.len().to_string(), &(cells.len() + same).to_string()));
    }
    let shown = lines.len();
    lines.extend(cells);
    if lines.is_empty() {
        return Difference::line(words.same_figures(&in_common(found, expected).to_string()));
    }
    let mut told = Difference { lines: lines.split_off(shown), other_run: other }.shortened(words);
    told.lines.splice(0..0, lines);
    told
}

/// The cells of a file; the first row names its columns.
struct Cells {
    header: csv::ByteRecord,
    rows: Vec<csv::ByteRecord>,
    /// The number of columns that name a row.
    keys: usize,
}

impl Cells {
    fn read(bytes: &[u8], profile: Profile) -> Self {
        let bytes = bytes.strip_prefix(profile.opening()).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(profile.separator())
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        // A byte record is never refused: there is nothing that must be UTF-8.
        let mut rows: Vec<_> = reader.byte_records().map_while(Result::ok).collect();
        let header = if rows.is_empty() { csv::ByteRecord::new() } else { rows.remove(0) };
        let keys = header.iter().position(|name| name == b"value" || name == b"mean").unwrap_or(0);
        Self { header, rows, keys }
    }

    /// What names a row.
    fn key(&self, row: &csv::ByteRecord) -> String {
        row.iter().take(self.keys).map(String::from_utf8_lossy).collect::<Vec<_>>().join(", ")
    }

    /// Cells that are shares of the trials, with what names them.
    fn shares(&self, decimal: u8) -> impl Iterator<Item = (String, f64)> {
        self.rows.iter().flat_map(move |row| {
            let of_trials = |index: usize, column: &[u8]| {
                let named = column.starts_with(b"prob_");
                let stated =
                    column == b"value" && row.get(index - 1).is_some_and(|s| s.starts_with(b"prob_"));
                named || index > 0 && stated
            };
            self.header
                .iter()
                .enumerate()
                .filter(move |(index, column)| of_trials(*index, column))
                .filter_map(move |(index, _)| Some((self.key(row), number(row.get(index)?, decimal)?.0)))
        })
    }
}

/// The cells that differ, one line each, and how many numbers other than zero are the same.
fn changed(found: &Cells, expected: &Cells, telling: Telling<'_>) -> (Vec<String>, usize) {
    let decimal = telling.profile.decimal();
    let (mut lines, mut same) = (Vec::new(), 0);
    let rows =
        std::iter::once((&found.header, &expected.header)).chain(found.rows.iter().zip(&expected.rows));
    for (found, row) in rows {
        for (index, column) in expected.header.iter().enumerate() {
            let (was, should) = (found.get(index).unwrap_or_default(), row.get(index).unwrap_or_default());
            if was != should {
                let by = by(was, should, decimal);
                let [column, was, should] = [column, was, should].map(String::from_utf8_lossy);
                lines.push(telling.words.is(&expected.key(row), &column, &was, &should, &by));
            } else if index >= expected.keys {
                same += usize::from(number(should, decimal).is_some_and(|(number, _)| number != 0.0));
            }
        }
    }
    (lines, same)
}

/// A number and how many decimals it has.
fn number(cell: &[u8], decimal: u8) -> Option<(f64, usize)> {
    let text = std::str::from_utf8(cell).ok()?.replace(char::from(decimal), ".");
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    Some((text.parse().ok().filter(|number: &f64| number.is_finite())?, decimals))
}

/// By how much a number is wrong, in brackets; nothing for what is no number.
fn by(was: &[u8], should: &[u8], decimal: u8) -> String {
    let (Some(was), Some(should)) = (number(was, decimal), number(should, decimal)) else {
        return String::new();
    };
    let decimals = was.1.max(should.1);
    let difference = format!("{:+.decimals$}", was.0 - should.0);
    format!(" ({})", difference.replace('.', &char::from(decimal).to_string()))
}

/// Why a file is one of another scenario, if it looks like that.
fn other_scenario(found: &Cells, expected: &Cells, telling: Telling<'_>) -> Option<String> {
    let known: BTreeSet<_> = expected.rows.iter().map(|row| expected.key(row)).collect();
    let mut others =
        found.rows.iter().map(|row| found.key(row)).filter(|key| !known.contains(key)).collect::<Vec<_>>();
    let alike = found.header == expected.header && others.len() >= OTHER_FIGURES;
    alike.then(|| telling.words.other_rows(&others.len().to_string(), &others.swap_remove(0)))
}

/// Why a file is one of another run, if it looks like that.
fn other_run(found: &Cells, differ: usize, same: usize, telling: Telling<'_>) -> Option<String> {
    let words = telling.words;
    if differ < OTHER_FIGURES || differ * OTHER_SHARE < differ + same {
        return None;
    }
    let whole = |share: f64| {
        let trials = share * telling.trials as f64;
        // Where a share has too few digits to tell, nothing is said.
        let known = trials * SHARE_ERROR < 0.05;
        !known || (trials - trials.round()).abs() < 0.1
    };
    let odd = found.shares(telling.profile.decimal()).find(|(_, share)| !whole(*share));
    Some(
        odd.map_or_else(
            || words.other_seed(),
            |(key, _)| words.other_trials(&telling.trials.to_string(), &key),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::Language;

    const FILE: &str =
        "investment,year,statistic,value,unit\nyouth,2028,p90,1.50,DKK\nyouth,2029,p90,2.50,DKK\n";

    fn told(found: &str, expected: &str, profile: Profile) -> Difference {
        let words = Language::En.verify();
        let telling = Telling { words, profile, trials: 1000, renamed: &Vec::new() };
        difference(found.as_bytes(), expected.as_bytes(), telling)
    }

    fn compare(found: &str) -> Vec<String> {
        told(found, FILE, Profile::Plain).lines
    }

    #[test]
    fn the_figure_that_differs_is_named_with_how_much() {
        assert_eq!(
            compare(&FILE.replace("2.50", "2.51")),
            ["youth, 2029, p90: value is `2.51`, should be `2.50` (+0.01)"]
        );
        assert_eq!(compare("investment,year,statistic,value,unit\n")[0], "0 rows instead of 2");
        assert_eq!(
            compare(&FILE.replace('\n', "\r\n")),
            ["no figure differs: other marks or line ends, from byte 36 on"]
        );
        let danish = "\u{feff}year;mean\r\n2029;2,50\r\n";
        assert_eq!(
            told(&danish.replace("2,50", "-3,5"), danish, Profile::ExcelDa).lines,
            ["2029: mean is `-3,5`, should be `2,50` (-6,00)"]
        );
    }

    #[test]
    fn many_differences_are_counted() {
        let long = |unit: &str| format!("id,value\n{}", format!("x,{unit}\n").repeat(9));
        let lines = told(&long("1"), &long("2"), Profile::Plain).lines;
        assert_eq!((lines.len(), lines[0].as_str()), (7, "9 of 9 figures differ"));
        assert_eq!(lines[6], "and 4 more");
    }

    /// Rows of a share each.
    fn shares(of: impl Fn(u32) -> f64) -> String {
        let row = |index: u32| format!("{index},prob_cut,{:.6}\n", of(index));
        format!("year,statistic,value\n{}", (1..40).map(row).collect::<String>())
    }

    #[test]
    fn a_file_of_another_run_is_told_from_an_edited_one() {
        let expected = shares(|index| f64::from(index) / 1000.0);
        let of = |found: &str| told(found, &expected, Profile::Plain);
        let seed = of(&shares(|index| f64::from(index + 3) / 1000.0));
        assert!(seed.other_run.as_ref().unwrap().contains("another seed"), "{seed:?}");
        let trials = of(&shares(|index| f64::from(index) / 770.0));
        assert!(trials.other_run.unwrap().contains("another number of trials: 1, prob_cut"));
        let scenario = of(&expected.replace('\n', "\nx"));
        assert!(scenario.other_run.unwrap().contains("another scenario"));
        let edited = of(&expected.replace("0.004000", "0.005000"));
        assert!(edited.other_run.is_none() && edited.lines.len() == 1, "{edited:?}");
    }
}
