//! A CSV file under construction: texts, amounts and shares in the marks of a profile.
//!
//! The csv crate writes every text. Numbers need no quotes in any profile and are appended as they are, and the names that
//! many rows share are encoded once: three times as fast as a record of nine fields for each figure.

use super::number::{push_kroner, push_level, push_ratio, to_ore};
use super::profile::Profile;
use crate::measure::{Estimate, UnitKind};

/// Rows of a CSV file in memory. A row is [`begin`](Sheet::begin), its cells, [`end`](Sheet::end).
pub(crate) struct Sheet {
    profile: Profile,
    bytes: Vec<u8>,
}

/// Texts as they stand in a row, with separators between and quotes where needed.
pub(crate) struct Encoded(Vec<u8>);

impl Sheet {
    /// An empty file with its header.
    pub(crate) fn new(profile: Profile, header: &[&str]) -> csv::Result<Self> {
        let mut sheet = Self { profile, bytes: profile.opening().to_vec() };
        let header = sheet.encode(header)?;
        sheet.begin(&header);
        sheet.end();
        Ok(sheet)
    }

    /// Rows alone, to be put behind others.
    pub(crate) fn rows(profile: Profile) -> Self {
        Self { profile, bytes: Vec::new() }
    }

    /// Encodes neighbouring texts; one that a spreadsheet would compute gets an apostrophe before it.
    pub(crate) fn encode(&self, texts: &[&str]) -> csv::Result<Encoded> {
        let separator = self.profile.separator();
        let mut writer =
            csv::WriterBuilder::new().delimiter(separator).buffer_capacity(256).from_writer(Vec::new());
        for text in texts {
            let guard = if self.profile.guards(text) { "'" } else { "" };
            writer.write_field(format!("{guard}{text}"))?;
        }
        writer.write_record(None::<&[u8]>)?;
        let mut bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        // The line break after the record.
        bytes.pop();
        Ok(Encoded(bytes))
    }

    /// Texts beside each other, as one.
    pub(crate) fn joined(&self, texts: &[&Encoded]) -> Encoded {
        let texts: Vec<_> = texts.iter().map(|text| &text.0[..]).collect();
        Encoded(texts.join(&self.profile.separator()))
    }

    /// Begins a row with its first texts.
    pub(crate) fn begin(&mut self, texts: &Encoded) {
        self.bytes.extend_from_slice(&texts.0);
    }

    /// More texts.
    pub(crate) fn texts(&mut self, texts: &Encoded) {
        self.blank();
        self.bytes.extend_from_slice(&texts.0);
    }

    /// The rest of a row, as it stands in another one.
    pub(crate) fn rest(&mut self, row: &[u8]) {
        self.bytes.extend_from_slice(row);
    }

    /// A cell without content.
    pub(crate) fn blank(&mut self) {
        self.bytes.push(self.profile.separator());
    }

    /// A cell of money, given in øre; blank when undefined.
    pub(crate) fn money(&mut self, amount: Option<i64>) {
        self.blank();
        if let Some(ore) = amount {
            push_kroner(&mut self.bytes, ore, self.profile.decimal());
        }
    }

    /// A cell with a share or ratio; blank when undefined.
    pub(crate) fn ratio(&mut self, ratio: Option<f64>) {
        self.blank();
        if let Some(ratio) = ratio {
            push_ratio(&mut self.bytes, ratio, self.profile.decimal());
        }
    }

    /// A cell with a number, in the fewest digits that read back as the same number.
    pub(crate) fn number(&mut self, number: f64) {
        self.blank();
        let text = number.to_string();
        self.bytes.extend(text.bytes().map(|byte| if byte == b'.' { self.profile.decimal() } else { byte }));
    }

    /// A cell with a measured level, given in 10⁻⁹, with all its nine decimals; blank when undefined.
    pub(crate) fn level(&mut self, level: Option<i64>) {
        self.blank();
        if let Some(nano) = level {
            push_level(&mut self.bytes, nano, self.profile.decimal());
        }
    }

    /// Three cells: a figure and the ends of its interval. A `symmetric` interval stays so to the øre.
    pub(crate) fn estimate(&mut self, estimate: Option<Estimate>, unit: UnitKind, symmetric: bool) {
        let Some(Estimate { value, interval }) = estimate else {
            (0..3).for_each(|_| self.blank());
            return;
        };
        let (low, high) = (interval.map(|ends| ends.0), interval.map(|ends| ends.1));
        match unit {
            UnitKind::Share => [Some(value), low, high].into_iter().for_each(|share| self.ratio(share)),
            UnitKind::Money => {
                let estimate = Estimate { value, interval };
                rounded(estimate, symmetric).into_iter().for_each(|amount| self.money(amount));
            }
        }
    }

    /// Ends a row. Every row must have as many cells as the header.
    pub(crate) fn end(&mut self) {
        self.bytes.extend_from_slice(self.profile.terminator());
    }

    /// The bytes of the file.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// An amount and the ends of its interval in whole øre. A `symmetric` interval stays so.
pub(crate) fn rounded(Estimate { value, interval }: Estimate, symmetric: bool) -> [Option<i64>; 3] {
    let amount = to_ore(value);
    let half = interval.filter(|_| symmetric).map(|(low, high)| to_ore((high - low) / 2.0));
    let low = half.map(|half| amount - half).or(interval.map(|ends| to_ore(ends.0)));
    let high = half.map(|half| amount + half).or(interval.map(|ends| to_ore(ends.1)));
    [Some(amount), low, high]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(profile: Profile) -> String {
        let mut sheet = Sheet::new(profile, &["id", "value", "ci_low", "ci_high", "unit"]).unwrap();
        let mean = Estimate { value: 100_049.6, interval: Some((-100_000.0, 300_099.2)) };
        let share = Estimate { value: 0.25, interval: None };
        let rows = [
            ("northern", Some(mean), UnitKind::Money, "DKK"),
            ("=SUM(A1)", Some(share), UnitKind::Share, "a;b,\"c\""),
            ("last", None, UnitKind::Money, "a\nb"),
        ];
        for (name, estimate, kind, unit) in rows {
            let (name, unit) = (sheet.encode(&[name]).unwrap(), sheet.encode(&[unit]).unwrap());
            sheet.begin(&name);
            sheet.estimate(estimate, kind, true);
            sheet.texts(&unit);
            sheet.end();
        }
        String::from_utf8(sheet.finish()).unwrap()
    }

    #[test]
    fn the_plain_profile_by_bytes() {
        let expected = "id,value,ci_low,ci_high,unit\nnorthern,1000.50,-1000.00,3001.00,DKK\n\
                        =SUM(A1),0.250000,,,\"a;b,\"\"c\"\"\"\nlast,,,,\"a\nb\"\n";
        assert_eq!(sheet(Profile::Plain), expected);
    }

    #[test]
    fn the_danish_profile_by_bytes() {
        let expected = "\u{feff}id;value;ci_low;ci_high;unit\r\nnorthern;1000,50;-1000,00;3001,00;DKK\r\n\
                        '=SUM(A1);0,250000;;;\"a;b,\"\"c\"\"\"\r\nlast;;;;\"a\nb\"\r\n";
        assert_eq!(sheet(Profile::ExcelDa), expected);
    }

    #[test]
    fn no_text_begins_a_formula_and_negative_amounts_stay_numbers() {
        let mut sheet = Sheet::new(Profile::ExcelDa, &["a", "b", "c", "d", "e", "f", "g"]).unwrap();
        let texts = sheet.encode(&["=1", "+1", "-1", "@x", "\tx", "\rx"]).unwrap();
        sheet.begin(&texts);
        sheet.money(Some(-150));
        sheet.end();
        let text = String::from_utf8(sheet.finish()).unwrap();
        assert!(text.ends_with("'=1;'+1;'-1;'@x;'\tx;\"'\rx\";-1,50\r\n"), "{text:?}");
    }
}
