//! Destruction lists and holds: where each list stands, and what is on it.
//!
//! Lists are drawn up, approved and carried out by the command, whose steps ask for a folder, a form and two signatures;
//! here they are read.

use archive_core::model::SecrecyLevel;
use archive_core::text;
use archive_core::text::Text;
use serde::Serialize;

use super::table::{Cell, Page, Table};
use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::site::Site;
use crate::visit::Visit;

#[derive(Serialize)]
struct Document<'a> {
    lists: &'a [archive_core::appraisal::DestructionList],
}

/// The lists, and the lines of one of them.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let mut lists = site.read(|repository| Ok(repository.destruction_lists()?))?;
    // A secret list is kept by hand (S1): here stand its number and its state.
    for list in &mut lists {
        let secret = list.secret;
        list.lines.retain(|line| !secret && line.level == SecrecyLevel::None);
    }
    let say = |zh: &'static str, en: &'static str| visit.say(&Text::fixed(zh, en));
    let rows = lists
        .iter()
        .map(|list| {
            let number = &list.number;
            vec![
                Cell::link(number.clone(), format!("/staff/disposal?list={}", segment(number))),
                Cell::from(if list.secret {
                    say("（涉密清册）", "(secret list)")
                } else {
                    list.title.clone()
                }),
                Cell::from(visit.say(&list.state().word())),
                Cell::number(list.lines.len()),
                Cell::from(list.made_by.clone()),
                Cell::from(list.approval.as_ref().map(|one| one.by.clone()).unwrap_or_default()),
                Cell::from(list.destroyed.map(|day| day.to_string()).unwrap_or_default()),
            ]
        })
        .collect();
    let mut tables = vec![Table {
        caption: say("销毁清册", "Destruction lists"),
        heads: vec![
            say("编号", "Number"),
            say("名称", "Title"),
            say("状态", "State"),
            say("行数", "Lines"),
            say("编制", "Drawn up by"),
            say("批准", "Approved by"),
            say("销毁", "Destroyed"),
        ],
        rows,
    }];
    if let Some(list) = visit.asked("list").and_then(|number| lists.iter().find(|list| list.number == number))
    {
        let number = &list.number;
        tables.push(Table {
            caption: visit.say(&text!("清册 {number}", "List {number}")),
            heads: vec![
                say("档号", "Code"),
                say("题名", "Title"),
                say("年度", "Year"),
                say("保管期限", "Period"),
                say("期满", "Due"),
                say("页数", "Pages"),
                say("理由", "Reason"),
            ],
            rows: list
                .lines
                .iter()
                .map(|line| {
                    vec![
                        Cell::from(line.code.clone()),
                        Cell::from(line.title.clone()),
                        Cell::number(line.year),
                        Cell::from(line.period.map(|period| period.to_string()).unwrap_or_default()),
                        Cell::from(line.due.map(|day| day.to_string()).unwrap_or_default()),
                        Cell::number(line.pages),
                        Cell::from(line.reason.clone()),
                    ]
                })
                .collect(),
        });
    }
    let page = Page {
        frame: visit.frame(&Text::fixed("鉴定与销毁", "Appraisal and destruction")),
        about: say(
            "编制、批准和执行在命令行办理（archive disposal）。",
            "Lists are drawn up, approved and carried out by archive disposal.",
        ),
        tables,
        before: None,
        after: None,
    };
    visit.show(&page, &Document { lists: &lists })
}
