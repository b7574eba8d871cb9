//! Charts that a spreadsheet draws from the cells of a sheet.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType,
    ChartSolidFill, Color,
};

use super::Book;
use super::formats::{BLUE, GREEN, INK, RED};

/// Where the payments of a payer stand.
#[derive(Debug)]
pub(super) struct Payments {
    pub(super) name: String,
    /// The row of years, and the last column of them.
    pub(super) head: u32,
    pub(super) last: u16,
    pub(super) mean: u32,
    pub(super) p90: u32,
    pub(super) most: u32,
    pub(super) appropriation: Option<u32>,
}

impl Book<'_> {
    /// What a payer may have to pay in each year: the average as a column, marks for the rest.
    pub(super) fn payments_chart(&self, payments: &Payments, sheet: &str) -> Chart {
        let words = self.builder.words;
        let range = |row: u32| (sheet, row, 1, row, payments.last);
        let mut chart = Chart::new_column();
        chart
            .add_series()
            .set_name(words.row_mean().as_str())
            .set_categories(range(payments.head))
            .set_values(range(payments.mean))
            .set_gap(80)
            .set_format(&mut filled(BLUE));
        let marks = [
            (words.enough_in_nine(), Some(payments.p90), ChartMarkerType::Circle, INK),
            (words.row_most(), Some(payments.most), ChartMarkerType::LongDash, RED),
            (words.row_appropriation(), payments.appropriation, ChartMarkerType::Diamond, GREEN),
        ];
        let mut points = Chart::new_line();
        for (name, row, sign, colour) in marks {
            let Some(row) = row else { continue };
            let mut marker = ChartMarker::new();
            marker.set_type(sign).set_size(9).set_format(&mut filled(colour));
            points
                .add_series()
                .set_name(name.as_str())
                .set_categories(range(payments.head))
                .set_values(range(row))
                .set_marker(&marker)
                .set_format(ChartFormat::new().set_no_line());
        }
        chart.combine(&points);
        self.finish(&mut chart, &words.by_year_of(&payments.name));
        chart
    }

    /// Two columns a row: out and back.
    pub(super) fn flows_chart(
        &self,
        title: &str,
        sheet: &str,
        (first, last): (u32, u32),
        names: &[String; 2],
    ) -> Chart {
        let mut chart = Chart::new_column();
        for (index, (name, colour)) in names.iter().zip([RED, BLUE]).enumerate() {
            let column = index as u16 + 1;
            chart
                .add_series()
                .set_name(name.as_str())
                .set_categories((sheet, first, 0, last, 0))
                .set_values((sheet, first, column, last, column))
                .set_gap(80)
                .set_format(&mut filled(colour));
        }
        self.finish(&mut chart, title);
        chart
    }

    fn finish(&self, chart: &mut Chart, title: &str) {
        let currency = &self.builder.axes.scenario.currency;
        let (unit, format) = if self.builder.style.thousands {
            let name = self.builder.style.text.currency(&currency.code, false, currency.price_level);
            (self.builder.words.in_million(&name), "#,##0.0,,")
        } else {
            (self.currency(), "#,##0")
        };
        let mut font = ChartFont::new();
        font.set_size(12);
        chart.title().set_name(title).set_font(&font);
        let mut rule = ChartLine::new();
        rule.set_color(Color::RGB(0x00D0_D5DA)).set_width(0.75);
        chart
            .y_axis()
            .set_num_format(format)
            .set_name(unit.as_str())
            .set_min(0)
            .set_major_gridlines_line(&rule);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.set_alt_text(self.words.chart_note(title));
    }
}

fn filled(colour: Color) -> ChartFormat {
    let (mut format, mut fill) = (ChartFormat::new(), ChartSolidFill::new());
    format.set_solid_fill(fill.set_color(colour));
    format.set_no_border();
    format
}
