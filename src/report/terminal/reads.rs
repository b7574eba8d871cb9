//! What the table reads: a run without files counts nothing else.

use crate::engine::grid::{Flow, Grid, Undefined};
use crate::engine::plan::column::Whole;

/// Flows that the table shows.
const SHOWN: [Flow; 4] = [Flow::Payment, Flow::Receipt, Flow::Drawdown, Flow::Donation];

/// The figures that the table is made of.
pub fn reads(grid: &Grid) -> Vec<Whole> {
    let shown = grid.cells.iter().filter(|((_, flow), _)| SHOWN.contains(flow)).map(|(_, figure)| *figure);
    let cut = grid.spared.values().copied();
    let undefined = grid.undefined().iter().map(Undefined::flag);
    shown.chain(cut).chain(undefined).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Model;
    use crate::engine::run::{Settings, Unwatched};
    use crate::report::figures::Figures;
    use crate::report::terminal::terminal;
    use crate::report::text::Language;

    #[test]
    fn the_table_is_that_of_a_run_that_counts_everything() {
        for folder in ["", "gallery", "candidates", "variants"] {
            let folder = format!("{}/scenarios/{folder}", env!("CARGO_MANIFEST_DIR"));
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "toml") {
                    let model = Model::load(&path).unwrap();
                    let settings = Settings { trials: 700, ..Settings::default() };
                    let read = reads(&model.compiled().grid);
                    let few = model.run_counting(read, settings, Some(1), &Unwatched).unwrap();
                    let all = model.run(settings).unwrap();
                    let [few, all] = [&few, &all]
                        .map(|results| terminal(&Figures::new(results).unwrap(), &[], Language::En).unwrap());
                    assert_eq!(few, all, "{}", path.display());
                }
            }
        }
    }
}
