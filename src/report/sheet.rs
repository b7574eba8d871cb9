//! A CSV file under construction: texts, amounts and shares in the marks of a profile.

use super::number::{push_kroner, push_ratio, to_ore};
use super::profile::Profile;
use crate::measure::{Estimate, UnitKind};

/// Rows of a CSV file in memory.
pub(crate) struct Sheet {
    profile: Profile,
    writer: csv::Writer<Vec<u8>>,
    cell: Vec<u8>,
}

impl Sheet {
    /// An empty file with its header.
    pub(crate) fn new(profile: Profile, header: &[&str]) -> csv::Result<Self> {
        let writer = csv::WriterBuilder::new()
            .delimiter(profile.separator())
            .terminator(profile.terminator())
            .from_writer(profile.opening().to_vec());
        let mut sheet = Self { profile, writer, cell: Vec::with_capacity(64) };
        sheet.writer.write_record(header)?;
        Ok(sheet)
    }

    /// A cell of text; one that a spreadsheet would compute gets an apostrophe before it.
    pub(crate) fn text(&mut self, text: &str) -> csv::Result<()> {
        if self.profile.guards(text) {
            return self.writer.write_field(format!("'{text}"));
        }
        self.writer.write_field(text)
    }

    /// A cell without content.
    pub(crate) fn blank(&mut self) -> csv::Result<()> {
        self.writer.write_field(b"")
    }

    /// A cell of money, given in øre; blank when undefined.
    pub(crate) fn money(&mut self, amount: Option<i64>) -> csv::Result<()> {
        self.cell.clear();
        if let Some(ore) = amount {
            push_kroner(&mut self.cell, ore, self.profile.decimal());
        }
        self.writer.write_field(&self.cell)
    }

    /// A cell with a share or ratio; blank when undefined.
    pub(crate) fn ratio(&mut self, ratio: Option<f64>) -> csv::Result<()> {
        self.cell.clear();
        if let Some(ratio) = ratio {
            push_ratio(&mut self.cell, ratio, self.profile.decimal());
        }
        self.writer.write_field(&self.cell)
    }

    /// Three cells: a figure and the ends of its interval. A `symmetric` interval stays so to the øre.
    pub(crate) fn estimate(
        &mut self,
        estimate: Option<Estimate>,
        unit: UnitKind,
        symmetric: bool,
    ) -> csv::Result<()> {
        let Some(Estimate { value, interval }) = estimate else {
            return (0..3).try_for_each(|_| self.blank());
        };
        let ends = [interval.map(|ends| ends.0), interval.map(|ends| ends.1)];
        match unit {
            UnitKind::Share => {
                self.ratio(Some(value))?;
                ends.into_iter().try_for_each(|end| self.ratio(end))
            }
            UnitKind::Money if symmetric => {
                let half = interval.map(|(low, high)| to_ore((high - low) / 2.0));
                self.money(Some(to_ore(value)))?;
                self.money(half.map(|half| to_ore(value) - half))?;
                self.money(half.map(|half| to_ore(value) + half))
            }
            UnitKind::Money => {
                self.money(Some(to_ore(value)))?;
                ends.into_iter().try_for_each(|end| self.money(end.map(to_ore)))
            }
        }
    }

    /// Ends a row. Every row has as many cells as the header.
    pub(crate) fn end(&mut self) -> csv::Result<()> {
        self.writer.write_record(None::<&[u8]>)
    }

    /// The bytes of the file.
    pub(crate) fn finish(self) -> csv::Result<Vec<u8>> {
        self.writer.into_inner().map_err(|error| error.into_error().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(profile: Profile) -> Vec<u8> {
        let mut sheet = Sheet::new(profile, &["id", "value", "ci_low", "ci_high", "unit"]).unwrap();
        let mean = Estimate { value: 100_049.6, interval: Some((-100_000.0, 300_099.2)) };
        sheet.text("northern").unwrap();
        sheet.estimate(Some(mean), UnitKind::Money, true).unwrap();
        sheet.text("DKK").unwrap();
        sheet.end().unwrap();
        sheet.text("=SUM(A1)").unwrap();
        sheet.estimate(Some(Estimate { value: 0.25, interval: None }), UnitKind::Share, false).unwrap();
        sheet.text("a;b,\"c\"").unwrap();
        sheet.end().unwrap();
        sheet.finish().unwrap()
    }

    #[test]
    fn the_plain_profile_by_bytes() {
        let expected = "id,value,ci_low,ci_high,unit\nnorthern,1000.50,-1000.00,3001.00,DKK\n\
                        =SUM(A1),0.250000,,,\"a;b,\"\"c\"\"\"\n";
        assert_eq!(String::from_utf8(sheet(Profile::Plain)).unwrap(), expected);
    }

    #[test]
    fn the_danish_profile_by_bytes() {
        let expected = "\u{feff}id;value;ci_low;ci_high;unit\r\nnorthern;1000,50;-1000,00;3001,00;DKK\r\n\
                        '=SUM(A1);0,250000;;;\"a;b,\"\"c\"\"\"\r\n";
        assert_eq!(String::from_utf8(sheet(Profile::ExcelDa)).unwrap(), expected);
    }

    #[test]
    fn no_text_begins_a_formula_and_negative_amounts_stay_numbers() {
        let mut sheet = Sheet::new(Profile::ExcelDa, &["a", "b", "c", "d", "e", "f", "g"]).unwrap();
        for text in ["=1", "+1", "-1", "@x", "\tx", "\rx"] {
            sheet.text(text).unwrap();
        }
        sheet.money(Some(-150)).unwrap();
        sheet.end().unwrap();
        let text = String::from_utf8(sheet.finish().unwrap()).unwrap();
        assert!(text.ends_with("'=1;'+1;'-1;'@x;'\tx;\"'\rx\";-1,50\r\n"), "{text:?}");
    }
}
