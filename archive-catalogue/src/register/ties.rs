//! Rows that name each other (关联序号).

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{Finding, Place, Severity};
use archive_core::model::Item;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::{Column, RegisterReading, cells};

/// Lets each tie name the row it means (`1` for `01`), and reports ties to nothing and to oneself.
pub(super) fn settle(reading: &mut RegisterReading) {
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for item in &reading.items {
        rows.entry(plain_number(&item.row)).or_insert_with(|| item.row.clone());
        rows.insert(item.row.clone(), item.row.clone());
    }
    let refused: BTreeSet<String> =
        reading.refused.iter().flat_map(|row| &row.findings).filter_map(|f| f.place.item.clone()).collect();
    let columns = |item: &Item| {
        let sheet = reading.sheets.iter().find(|sheet| {
            reading.sheets.len() == 1
                || item.origin.register.ends_with(&format!("]{}", sheet.name.as_deref().unwrap_or_default()))
        })?;
        let column = sheet.columns.iter().find(|column| column.meaning == Some(Column::TieTo))?;
        Some(column.header.clone())
    };
    let mut findings = Vec::new();
    for item in &mut reading.items {
        let place = Place {
            file: Some(item.origin.register.clone()),
            row: Some(item.origin.row),
            column: columns(item),
            item: Some(item.row.clone()),
            field: Some(Column::TieTo.header().to_owned()),
            ..Place::default()
        };
        for tie in &mut item.ties {
            if let Some(row) = rows.get(&tie.to_row).or_else(|| rows.get(&plain_number(&tie.to_row))) {
                tie.to_row.clone_from(row);
            }
            let to = cells::excerpt(&tie.to_row);
            let help = Text::fixed(
                "改正关联序号，或连同关联关系一起清空",
                "correct 关联序号, or empty it together with 关联关系",
            );
            if tie.to_row == item.row {
                findings.push(
                    Finding::new(
                        RuleId::I4,
                        place.clone(),
                        text!("关联序号 {to} 就是本行", "关联序号 {to} is this very row"),
                    )
                    .marking(to)
                    .with_help(help),
                );
            } else if refused.contains(&tie.to_row) && !rows.contains_key(&tie.to_row) {
                findings.push(
                    Finding::new(
                        RuleId::I4,
                        place.clone(),
                        text!(
                            "关联序号 {to} 所指的行没有被接受",
                            "关联序号 {to} names a row that was refused"
                        ),
                    )
                    .at(Severity::Warning)
                    .marking(to)
                    .with_help(Text::fixed("先改正那一行", "mend that row first")),
                );
            } else if !rows.contains_key(&tie.to_row) {
                findings.push(
                    Finding::new(
                        RuleId::I4,
                        place.clone(),
                        text!("关联序号 {to} 不在登记表中", "关联序号 {to} is not in the register"),
                    )
                    .marking(to)
                    .with_help(help),
                );
            }
        }
    }
    reading.findings.append(&mut findings);
}

/// A row number without leading zeros, so that 01 and 1 meet.
fn plain_number(row: &str) -> String {
    let (scope, number) = row.rsplit_once('!').map_or(("", row), |(scope, number)| (scope, number));
    let bare = number.trim_start_matches('0');
    let numeric = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    if numeric { format!("{scope}!{bare}") } else { format!("{scope}!{number}") }
}
