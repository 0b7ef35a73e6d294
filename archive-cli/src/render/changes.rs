//! What differs between the arrangement that is kept and the one proposed, for people and for programs.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::arrange::{Change, diff};
use archive_core::model::{Arrangement, Item, ItemId};
use archive_core::text;
use archive_core::text::{Lang, Text};
use serde::Serialize;

use crate::ui::Ui;

/// One difference: what kind, in words, and of which item or volume.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChangeTold {
    kind: &'static str,
    text: String,
    /// The row of the item, where it is about one.
    row: Option<String>,
    /// The title of the volume it was in or had.
    from: Option<String>,
    /// The title of the volume it is in or has.
    to: Option<String>,
    #[serde(skip)]
    said: Text,
    /// Whether another line says it already: the items of a volume that is new.
    #[serde(skip)]
    said_above: bool,
}

/// What differs between two arrangements of these items.
pub(crate) fn told(before: &Arrangement, after: &Arrangement, items: &[Item], lang: Lang) -> Vec<ChangeTold> {
    let rows: BTreeMap<ItemId, &str> = items.iter().map(|item| (item.id, item.row.as_str())).collect();
    let row = |id: ItemId| rows.get(&id).map_or_else(String::new, |row| (*row).to_owned());
    let changes = diff(before, after);
    let new: BTreeSet<usize> = changes
        .iter()
        .filter_map(|change| if let Change::NewVolume(volume) = change { Some(*volume) } else { None })
        .collect();
    let old_title = |at: usize| before.volumes.get(at).map(|volume| volume.title.clone());
    let new_title = |at: usize| after.volumes.get(at).map(|volume| volume.title.clone());
    changes
        .iter()
        .map(|change| {
            let said = change.text(before, after, &row);
            let (kind, item, from, to) = match *change {
                Change::NewVolume(at) => ("new-volume", None, None, new_title(at)),
                Change::GoneVolume(at) => ("gone-volume", None, old_title(at), None),
                Change::Retitled(from, to) => ("retitled", None, old_title(from), new_title(to)),
                Change::Year(at, ..) => ("year", None, None, new_title(at)),
                Change::Period(at, ..) => ("period", None, None, new_title(at)),
                Change::Moved(item, from, to) => ("moved", Some(item), old_title(from), new_title(to)),
                Change::Added(item, to) => ("added", Some(item), None, new_title(to)),
                Change::Removed(item, from) => ("removed", Some(item), old_title(from), None),
                Change::Reordered(at) => ("reordered", None, None, new_title(at)),
            };
            let said_above = matches!(change, Change::Added(_, to) if new.contains(to));
            ChangeTold {
                kind,
                text: said.in_lang(lang).to_owned(),
                row: item.map(row),
                from,
                to,
                said,
                said_above,
            }
        })
        .collect()
}

/// Prints them, a line each; that there are none is said too.
pub(crate) fn print(ui: &Ui, changes: &[ChangeTold]) {
    let count = changes.iter().filter(|change| !change.said_above).count();
    ui.tell(&if count == 0 {
        Text::fixed("与已存的方案相同", "the same as the arrangement that is kept")
    } else {
        text!(
            "与已存的方案相比，有 {count} 处不同：",
            "{count} differences from the arrangement that is kept:"
        )
    });
    for change in changes.iter().filter(|change| !change.said_above) {
        ui.line(format!("  {}", ui.say(&change.said)));
    }
}
