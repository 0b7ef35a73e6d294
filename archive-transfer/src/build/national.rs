//! The national forms: the carrier's lists of 档发〔2012〕7号, the item package of DA/T 93-2022, and an item's
//! metadata by DA/T 46-2009.
//!
//! 说明文件.TXT serves both layouts: each asks for lines the other doesn't forbid. The package as a whole
//! is laid out as a carrier of 2012 whose content lies under `data/`; the representation's data folder is
//! a DA/T 93 package in itself, so a bureau can point its own checker there.

use std::io::{self, Write};

use archive_core::model::{DraftState, Item};
use archive_core::reading::{DateReading, RecordDate};

use super::{Builder, Placed};
use crate::names;
use crate::records::FileRecord;
use crate::xml::write::Xml;

/// Writes 说明文件.TXT.
pub(super) fn explanation(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let package = builder.package;
    let years: Vec<String> = package.years().iter().map(ToString::to_string).collect();
    let mut with_files = builder.items.iter().filter(|placed| placed.files > 0);
    let count = with_files.clone().count();
    let bytes = builder.spool.bytes;
    // A package of paper alone has a span too.
    let spanned = (with_files.next(), with_files.next_back());
    let span = match (spanned.0.or(builder.items.first()), spanned.1.or(spanned.0).or(builder.items.last())) {
        (Some(first), Some(last)) => format!("{}至{}", first.label.code, last.label.code),
        _ => String::new(),
    };
    let (volumes, items, files) =
        (package.arrangement.volumes.len(), builder.items.len(), builder.spool.files);
    let lines = [
        ("移交单位", package.institution.name.clone()),
        ("全宗号", package.institution.fonds.clone()),
        ("接收单位", package.archives.clone()),
        (
            "内容描述",
            format!(
                "{}{}年文书档案，案卷{volumes}卷，文件{items}件",
                package.institution.name,
                years.join("、")
            ),
        ),
        ("起止档号", span),
        ("档案数量", count.to_string()),
        ("文件数量", files.to_string()),
        ("数据量", format!("{bytes}字节")),
        ("软硬件环境", "无特殊要求；目录为XML（UTF-8），index.html可用浏览器打开".to_owned()),
        ("离线载体参数", "在线或任意载体".to_owned()),
        ("载体编号", package.id()),
        ("载体数量", package.part.map_or(1, |part| part.of).to_string()),
        ("制作单位", package.institution.name.clone()),
        ("制作人", package.made_by.clone()),
        ("制作日期", package.made_on.format("%Y%m%d").to_string()),
        ("摘要算法", if package.sm3 { "SHA-256、SM3" } else { "SHA-256" }.to_owned()),
    ];
    for (label, value) in lines {
        // A line is a line: Windows Notepad wants CR LF, and every reader takes it.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        write!(to, "{label}：{value}\r\n")?;
    }
    Ok(())
}

/// Writes 目录文件.XML of DA/T 93: the items that have files.
pub(super) fn dat93_list(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut xml = Xml::new(to)?;
    xml.open("文件目录", &[])?;
    for (serial, placed) in builder.items.iter().filter(|placed| placed.files > 0).enumerate() {
        let item = placed.item;
        xml.open("文件", &[])?;
        xml.leaf("顺序号", &(serial + 1).to_string())?;
        xml.leaf("档号", &placed.code)?;
        xml.leaf("责任者", &item.bodies.join("；"))?;
        xml.leaf("题名", &placed.entry.title)?;
        xml.leaf("日期", &eight_digits(item))?;
        xml.leaf("保管期限", &placed.volume.period.to_string())?;
        xml.leaf("密级", "")?;
        if let Some(pages) = item.pages {
            xml.leaf("页数", &pages.to_string())?;
        }
        let remarks: Vec<String> = placed.label.belongs().into_iter().chain(item.remarks.clone()).collect();
        xml.leaf("备注", &remarks.join("；"))?;
        xml.close("文件")?;
    }
    xml.close("文件目录")?;
    xml.finish()
}

/// Writes 文件目录.XML of 2012: every item, with where its files lie.
pub(super) fn item_list(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut xml = Xml::new(to)?;
    xml.open("文件目录", &[])?;
    for (serial, placed) in builder.items.iter().enumerate() {
        let item = placed.item;
        let opinion = builder.package.opinion(item);
        let mut remarks = format!("开放审核意见：{}", opinion.state.word());
        if let Some(reason) = &opinion.reason {
            remarks.push_str(&format!("（{reason}）"));
        }
        if let Some(belongs) = placed.label.belongs() {
            remarks.push_str(&format!("；{belongs}"));
        }
        if placed.files == 0 {
            remarks.push_str("；无电子文件");
        }
        if let Some(own) = &item.remarks {
            remarks.push_str(&format!("；{own}"));
        }
        xml.open("文件", &[])?;
        xml.leaf("顺序号", &(serial + 1).to_string())?;
        xml.leaf("档号", &placed.code)?;
        xml.leaf("责任者", &item.bodies.join("；"))?;
        xml.leaf("题名", &placed.entry.title)?;
        xml.leaf("日期", &eight_digits(item))?;
        xml.leaf("密级", "")?;
        xml.leaf("电子档案名称", &placed.folder)?;
        xml.leaf("备注", &remarks)?;
        xml.close("文件")?;
    }
    xml.close("文件目录")?;
    xml.finish()
}

/// Writes 案卷目录.XML of 2012: every volume.
pub(super) fn volume_list(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut xml = Xml::new(to)?;
    let mut placed = builder.items.iter().peekable();
    xml.open("案卷目录", &[])?;
    for (serial, volume) in builder.package.arrangement.volumes.iter().enumerate() {
        let code = volume.number.as_ref().map_or("", |number| number.code.as_str());
        let items: Vec<&Placed<'_>> =
            std::iter::from_fn(|| placed.next_if(|placed| std::ptr::eq(placed.volume, volume))).collect();
        let mut dates: Vec<RecordDate> = items.iter().filter_map(|placed| placed.item.date.date()).collect();
        dates.sort_unstable();
        let span = match (dates.first(), dates.last()) {
            (Some(first), Some(last)) if first == last => digits(*first),
            (Some(first), Some(last)) => format!("{}-{}", digits(*first), digits(*last)),
            _ => String::new(),
        };
        let folder = items
            .iter()
            .find(|placed| !placed.folder.is_empty())
            .and_then(|placed| placed.folder.rsplit_once('/'))
            .map_or("", |(folder, _)| folder);
        xml.open("案卷", &[])?;
        xml.leaf("顺序号", &(serial + 1).to_string())?;
        xml.leaf("档号", code)?;
        xml.leaf("责任者", &builder.package.institution.name)?;
        xml.leaf("题名", &volume.title)?;
        xml.leaf("日期", &span)?;
        xml.leaf("密级", "")?;
        xml.leaf("电子档案名称", folder)?;
        xml.leaf("备注", &format!("{}年 {} {}件", volume.year, volume.period, items.len()))?;
        xml.close("案卷")?;
    }
    xml.close("案卷目录")?;
    xml.finish()
}

/// Writes an item's metadata (DA/T 46).
pub(super) fn item_metadata(
    builder: &Builder<'_>,
    placed: &Placed<'_>,
    records: &[FileRecord],
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut xml = Xml::new(to)?;
    xml.open("电子文件元数据", &[])?;
    entity(builder, placed, records, &mut xml)?;
    for record in records {
        electronic_properties(record, &mut xml)?;
    }
    xml.close("电子文件元数据")?;
    xml.finish()
}

/// The metadata groups of a 文件实体 up to 附注, in the order DA/T 48 fixes; DA/T 46 has the same groups.
pub(super) fn entity<W: Write>(
    builder: &Builder<'_>,
    placed: &Placed<'_>,
    records: &[FileRecord],
    xml: &mut Xml<W>,
) -> io::Result<()> {
    let (package, item, volume) = (builder.package, placed.item, placed.volume);
    xml.leaf("聚合层次", "文件")?;
    xml.open("来源", &[])?;
    xml.given("档案馆名称", Some(&package.archives))?;
    xml.given("全宗名称", Some(&package.institution.name))?;
    xml.leaf("立档单位名称", &package.institution.name)?;
    xml.close("来源")?;
    xml.leaf("电子文件号", &placed.code)?;
    xml.open("档号", &[])?;
    xml.text(&placed.label.code)?;
    xml.leaf("全宗号", &package.institution.fonds)?;
    xml.given("目录号", volume.number.as_ref().map(|number| number.catalogue_no.as_str()))?;
    xml.leaf("年度", &format!("{:04}", volume.year))?;
    xml.leaf("保管期限", &volume.period.to_string())?;
    xml.given("机构或问题", volume.section.as_deref())?;
    if let Some(number) = &volume.number {
        xml.leaf("室编案卷号", &number.volume_no.to_string())?;
    }
    xml.leaf("室编件号", &placed.entry.item_no.unwrap_or(1).max(1).to_string())?;
    if let Some((from, to)) = placed.entry.pages {
        xml.leaf("页号", &format!("{from}-{to}"))?;
    }
    xml.close("档号")?;
    xml.open("内容描述", &[])?;
    xml.leaf("题名", &placed.entry.title)?;
    xml.given("文件编号", item.number.as_ref().map(|number| number.original.as_str()))?;
    xml.leaf("责任者", &item.bodies.join("；"))?;
    xml.leaf("日期", &iso(item))?;
    xml.given("文种", item.doc_type.as_deref())?;
    xml.given("紧急程度", item.urgency.as_deref())?;
    xml.given("主送", Some(&item.addressees.join("；")))?;
    xml.given("抄送", Some(&item.copies.join("；")))?;
    xml.leaf("密级", "非涉密")?;
    xml.close("内容描述")?;
    xml.open("形式特征", &[])?;
    xml.leaf("文件组合类型", if placed.files > 1 { "组合文件" } else { "单件" })?;
    if let Some(pages) = item.pages.filter(|pages| *pages > 0) {
        xml.leaf("页数", &pages.to_string())?;
    }
    xml.leaf("语种", "汉语")?;
    xml.given("稿本", item.state.map(draft_word).as_deref())?;
    xml.close("形式特征")?;
    xml.open("存储位置", &[])?;
    // From the representation's folder, so that it holds wherever the package is put.
    let representation = format!("{}/", builder.layout.representation());
    let below = placed.folder.strip_prefix(&representation);
    xml.leaf("当前位置", below.unwrap_or(&placed.folder))?;
    xml.leaf("脱机载体编号", "")?;
    xml.close("存储位置")?;
    let opinion = package.opinion(item);
    xml.open("权限管理", &[])?;
    let control = match &opinion.reason {
        Some(reason) => format!("{}：{reason}", opinion.state.word()),
        None => opinion.state.word().to_owned(),
    };
    xml.leaf("控制标识", &control)?;
    xml.close("权限管理")?;
    for record in records {
        let name = record.path.rsplit('/').next().unwrap_or_default();
        xml.leaf("附注", &format!("{name} 原文件名：{}", record.original_name))?;
    }
    xml.given("附注", placed.label.belongs().as_deref())?;
    xml.given("附注", item.remarks.as_deref())
}

/// 电子属性 of a file.
pub(super) fn electronic_properties<W: Write>(record: &FileRecord, xml: &mut Xml<W>) -> io::Result<()> {
    xml.open("电子属性", &[])?;
    let extension = || names::extension(&record.path).map(|e| e.to_uppercase());
    xml.given("格式信息", record.format.clone().or_else(extension).as_deref())?;
    xml.leaf("计算机文件名", record.path.rsplit('/').next().unwrap_or_default())?;
    xml.leaf("计算机文件大小", &record.bytes.to_string())?;
    xml.close("电子属性")
}

/// 稿本 as on paper.
fn draft_word(state: DraftState) -> String {
    match state {
        DraftState::Print => "正本".to_owned(),
        DraftState::SignedDraft => "定稿".to_owned(),
        DraftState::Revision(0) => "修改稿".to_owned(),
        DraftState::Revision(number) => format!("修改稿{number}"),
        DraftState::Draft => "草稿".to_owned(),
        DraftState::Copy => "副本".to_owned(),
        DraftState::Translation => "译本".to_owned(),
    }
}

/// YYYYMMDD, the unknown parts as zeros (DA/T 18); empty where there is no date.
fn eight_digits(item: &Item) -> String {
    item.date.date().map(digits).unwrap_or_default()
}

fn digits(date: RecordDate) -> String {
    match date {
        RecordDate::Day(day) => day.format("%Y%m%d").to_string(),
        RecordDate::Month(day) => day.format("%Y%m00").to_string(),
        RecordDate::Year(day) => day.format("%Y0000").to_string(),
    }
}

/// The date as ISO; where it couldn't be read, as written.
fn iso(item: &Item) -> String {
    match &item.date.reading {
        DateReading::On(date) => date.to_string(),
        DateReading::Span(from, to) => format!("{from}/{to}"),
        _ => item.date.original.clone(),
    }
}
