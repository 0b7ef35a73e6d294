//! How far the arrangement of a whole year agrees with what a person decided beforehand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use archive_core::arrange::{Decisions, arrange};
use archive_core::model::{Arrangement, Institution, Item, ItemId};
use archive_core::profile::Profile;

use crate::register::{cell, read, table};

/// How many of what is there were found, and how many of the found are there.
#[derive(Default)]
struct Score {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Score {
    fn of<T: Ord>(found: &BTreeSet<T>, wanted: &BTreeSet<T>) -> Self {
        Self { right: found.intersection(wanted).count(), found: found.len(), wanted: wanted.len() }
    }

    fn precision(&self) -> f64 {
        if self.found == 0 { 1.0 } else { self.right as f64 / self.found as f64 }
    }

    fn recall(&self) -> f64 {
        if self.wanted == 0 { 1.0 } else { self.right as f64 / self.wanted as f64 }
    }
}

fn pair<T: Ord>(a: T, b: T) -> (T, T) {
    if a <= b { (a, b) } else { (b, a) }
}

/// Two places inside one volume, and the rows that stand there.
type Group = Vec<String>;

struct Year {
    items: Vec<Item>,
    arrangement: Arrangement,
    folder: PathBuf,
}

impl Year {
    fn row(&self, item: ItemId) -> String {
        self.items[item.0 as usize - 1].row.clone()
    }

    fn volumes(&self) -> Vec<Group> {
        let rows =
            |volume: &archive_core::model::Volume| volume.entries.iter().map(|e| self.row(e.item)).collect();
        self.arrangement.volumes.iter().map(rows).collect()
    }
}

fn year(name: &str, institution: &str, profile: &str) -> Option<Year> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
    let register =
        ["register.csv", "register.xlsx"].map(|file| folder.join(file)).into_iter().find(|p| p.exists());
    let Some(register) = register else {
        eprintln!("{name} is not there: nothing measured");
        return None;
    };
    let items = read(&register);
    let institution = Institution { name: institution.into(), fonds: "J019".into() };
    let profile = Profile::built_in(profile).unwrap();
    let arrangement = arrange(&items, &institution, &profile, &Decisions::default());
    Some(Year { items, arrangement, folder })
}

fn measure(year: &Year) -> BTreeMap<&'static str, (f64, f64)> {
    let mut scores = BTreeMap::new();
    let expected = |file: &str| table(&year.folder.join("expected").join(file));
    let show = std::env::var_os("ARRANGE_SHOW").is_some();
    let title = |row: &str| {
        year.items.iter().find(|item| item.row == row).map_or(String::new(), |item| item.title.clone())
    };

    // Ties, as pairs.
    let wanted: BTreeSet<(String, String)> = expected("threads.csv")
        .iter()
        .map(|row| pair(cell(row, "序号").to_owned(), cell(row, "关联序号").to_owned()))
        .collect();
    let found: BTreeSet<(String, String)> =
        year.arrangement.ties.iter().map(|tie| pair(year.row(tie.from), year.row(tie.to))).collect();
    let ties = Score::of(&found, &wanted);
    if show {
        for (a, b) in found.difference(&wanted) {
            println!("tie too many {a} {b}: {} / {}", title(a), title(b));
        }
        for (a, b) in wanted.difference(&found) {
            println!("tie missing {a} {b}: {} / {}", title(a), title(b));
        }
    }
    scores.insert("ties", (ties.precision(), ties.recall()));

    // Years: those that differ from the date's own, and all others by default.
    let mut years: BTreeMap<String, i32> = year
        .items
        .iter()
        .filter_map(|item| {
            Some((item.row.clone(), item.date.date().map(archive_core::reading::RecordDate::year)?))
        })
        .collect();
    for row in expected("years.csv") {
        years.insert(cell(&row, "序号").to_owned(), cell(&row, "年度").parse().unwrap());
    }
    let (mut right, mut all) = (0_usize, 0_usize);
    for volume in &year.arrangement.volumes {
        for entry in &volume.entries {
            let row = year.row(entry.item);
            if let Some(wanted) = years.get(&row) {
                all += 1;
                right += usize::from(*wanted == volume.year);
                if show && *wanted != volume.year {
                    println!("year of {row}: {} not {wanted}: {}", volume.year, title(&row));
                }
            }
        }
    }
    scores.insert("years", (right as f64 / all as f64, right as f64 / all as f64));

    // Periods.
    let (mut right, mut all) = (0_usize, 0_usize);
    let periods: BTreeMap<String, String> = expected("periods.csv")
        .iter()
        .map(|row| (cell(row, "序号").to_owned(), cell(row, "保管期限").to_owned()))
        .collect();
    for volume in &year.arrangement.volumes {
        for entry in &volume.entries {
            let row = year.row(entry.item);
            let Some(wanted) = periods.get(&row) else { continue };
            all += 1;
            right += usize::from(*wanted == volume.period.to_string());
            if show && *wanted != volume.period.to_string() {
                println!("period of {row}: {} not {wanted}: {}", volume.period, title(&row));
            }
        }
    }
    scores.insert("periods", (right as f64 / all as f64, right as f64 / all as f64));

    // Pairs in one volume.
    let pairs = |volumes: &[Group]| -> BTreeSet<(String, String)> {
        let mut pairs = BTreeSet::new();
        for volume in volumes {
            for (at, a) in volume.iter().enumerate() {
                pairs.extend(volume[at + 1..].iter().map(|b| pair(a.clone(), b.clone())));
            }
        }
        pairs
    };
    let wanted_volumes: Vec<Group> = expected("volumes.csv")
        .iter()
        .map(|row| cell(row, "序号").split_whitespace().map(str::to_owned).collect())
        .collect();
    let found_volumes = year.volumes();
    let together = Score::of(&pairs(&found_volumes), &pairs(&wanted_volumes));
    scores.insert("volumes", (together.precision(), together.recall()));
    if show {
        for (volume, rows) in year.arrangement.volumes.iter().zip(&found_volumes) {
            let same = wanted_volumes
                .iter()
                .any(|wanted| wanted.iter().collect::<BTreeSet<_>>() == rows.iter().collect::<BTreeSet<_>>());
            println!(
                "{} {} {} {} {}",
                if same { "  " } else { "≠ " },
                volume.year,
                volume.period,
                volume.title,
                rows.join(" ")
            );
        }
        for wanted in &wanted_volumes {
            let set: BTreeSet<_> = wanted.iter().collect();
            if !found_volumes.iter().any(|rows| rows.iter().collect::<BTreeSet<_>>() == set) {
                println!("wanted {}", wanted.join(" "));
            }
        }
    }

    // Order: of pairs in one volume on both sides, those that stand the same way round. Places a person
    // left open (同序) are not asked for.
    let place_of = |volumes: &[Group]| -> BTreeMap<String, (usize, usize)> {
        let mut places = BTreeMap::new();
        for (v, volume) in volumes.iter().enumerate() {
            for (p, row) in volume.iter().enumerate() {
                places.insert(row.clone(), (v, p));
            }
        }
        places
    };
    let open: BTreeMap<String, String> = expected("order.csv")
        .iter()
        .map(|row| (cell(row, "序号").to_owned(), format!("{}{}", cell(row, "卷"), cell(row, "同序"))))
        .filter(|(_, same)| same.ends_with(|c: char| c.is_ascii_digit()))
        .collect();
    let (ours, theirs) = (place_of(&found_volumes), place_of(&wanted_volumes));
    let (mut right, mut all) = (0_usize, 0_usize);
    for (a, b) in pairs(&wanted_volumes) {
        let (Some(our_a), Some(our_b)) = (ours.get(&a), ours.get(&b)) else { continue };
        let left_open = open.contains_key(&a) && open.get(&a) == open.get(&b);
        if our_a.0 != our_b.0 || left_open {
            continue;
        }
        all += 1;
        let same = (our_a.1 < our_b.1) == (theirs[&a].1 < theirs[&b].1);
        right += usize::from(same);
        if show && !same {
            println!("order of {a} and {b}: {} / {}", title(&a), title(&b));
        }
    }
    scores.insert("order", (right as f64 / all as f64, right as f64 / all as f64));
    scores
}

/// Fails if a year agrees less than it did: `(what, precision, recall)`.
fn agrees(name: &str, institution: &str, profile: &str, least: &[(&str, f64, f64)]) {
    let Some(year) = year(name, institution, profile) else { return };
    let scores = measure(&year);
    for (what, (precision, recall)) in &scores {
        println!("{what}: precision {precision:.3} recall {recall:.3}");
    }
    for (what, precision, recall) in least {
        let (is_precise, is_found) = scores[what];
        assert!(
            is_precise >= *precision && is_found >= *recall,
            "{name}, {what}: {is_precise:.3}/{is_found:.3}"
        );
    }
}

#[test]
fn county_2004_agrees_with_what_a_person_decided() {
    agrees(
        "county-2004",
        "临溪县人民政府办公室",
        "futian-2006",
        &[
            ("ties", 0.98, 0.98),
            ("order", 0.99, 0.99),
            ("years", 0.99, 0.99),
            ("periods", 0.99, 0.99),
            ("volumes", 0.98, 0.98),
        ],
    );
}

#[test]
fn township_1998_agrees_with_what_a_person_decided() {
    agrees(
        "township-1998",
        "梓坪镇人民政府",
        "futian-2006",
        &[
            ("ties", 0.98, 0.98),
            ("order", 0.98, 0.98),
            ("years", 0.99, 0.99),
            ("periods", 0.98, 0.98),
            ("volumes", 0.97, 0.97),
        ],
    );
}

#[test]
fn bureau_2011_agrees_with_what_a_person_decided() {
    agrees(
        "bureau-2011",
        "岚河县水利局",
        "zaduo-2017",
        &[
            ("ties", 0.98, 0.98),
            ("order", 0.99, 0.99),
            ("years", 0.99, 0.99),
            ("periods", 0.98, 0.98),
            ("volumes", 0.95, 0.96),
        ],
    );
}
