//! One encapsulation an item (EEP, DA/T 48-2009).
//!
//! The files themselves lie beside, in the DA/T 93 folder: a package that held each file twice, once as
//! Base64, would be more than twice as large. So 编码数据 holds the SHA-256 of the file and
//! 反编码关键字 says so (`sha256-base64Binary`), as intake programs do; this is practice, not the standard.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Builder, Placed, national};
use crate::records::FileRecord;
use crate::xml::write::Xml;

/// The namespace of DA/T 48.
pub(crate) const NAMESPACE: &str = "http://www.saac.gov.cn/standards/ERM/encapsulation";
/// The 反编码关键字 for content that lies beside.
pub(crate) const BESIDE: &str = "sha256-base64Binary";

pub(super) fn write(
    builder: &Builder<'_>,
    placed: &Placed<'_>,
    records: &[FileRecord],
    to: &mut dyn Write,
) -> io::Result<()> {
    let package = builder.package;
    let time = format!("{}T00:00:00", package.made_on.format("%Y-%m-%d"));
    let mut xml = Xml::new(to)?;
    xml.open("电子文件封装包", &[("xmlns", NAMESPACE)])?;
    xml.leaf(
        "封装包格式描述",
        "本EEP根据中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》生成",
    )?;
    xml.leaf("版本", "2009")?;
    xml.open("被签名对象", &[("eep版本", "2009")])?;
    xml.leaf("封装包类型", "原始型")?;
    xml.leaf("封装包类型描述", "本封装包包含电子文件数据及其元数据,原始封装,未经修改")?;
    xml.leaf("封装包创建时间", &time)?;
    xml.leaf("封装包创建单位", &package.institution.name)?;
    xml.open("封装内容", &[])?;
    xml.open("文件实体块", &[])?;
    xml.open("文件实体", &[])?;
    national::entity(builder, placed, records, &mut xml)?;
    content(placed, records, &mut xml)?;
    xml.close("文件实体")?;
    xml.close("文件实体块")?;
    xml.open("业务实体块", &[])?;
    xml.open("业务实体", &[])?;
    xml.leaf("业务标识符", "业务1")?;
    xml.leaf("机构人员标识符", "机构人员1")?;
    xml.leaf("文件标识符", &placed.code)?;
    xml.leaf("业务状态", "历史行为")?;
    xml.leaf("业务行为", "移交")?;
    xml.leaf("行为时间", &time)?;
    xml.leaf("行为描述", &format!("制作移交包{}", package.id()))?;
    xml.close("业务实体")?;
    xml.close("业务实体块")?;
    xml.open("机构人员实体块", &[])?;
    xml.open("机构人员实体", &[])?;
    xml.leaf("机构人员标识符", "机构人员1")?;
    xml.leaf("机构人员类型", "单位")?;
    xml.leaf("机构人员名称", &package.institution.name)?;
    xml.close("机构人员实体")?;
    xml.close("机构人员实体块")?;
    xml.close("封装内容")?;
    xml.close("被签名对象")?;
    xml.close("电子文件封装包")?;
    xml.finish()
}

fn content<W: Write>(placed: &Placed<'_>, records: &[FileRecord], xml: &mut Xml<W>) -> io::Result<()> {
    const DATA: &str = "修改0-文档1-文档数据1";
    xml.open("文件数据", &[])?;
    xml.open("文档", &[])?;
    xml.leaf("文档标识符", "修改0-文档1")?;
    xml.leaf("文档序号", "1")?;
    xml.leaf("文档主从声明", "主文档")?;
    xml.leaf("题名", &placed.entry.title)?;
    xml.open("文档数据", &[("文档数据ID", DATA)])?;
    for (index, record) in records.iter().enumerate() {
        let serial = index + 1;
        xml.open("编码", &[("编码ID", &format!("{DATA}-编码{serial}"))])?;
        national::electronic_properties(record, xml)?;
        xml.leaf(
            "编码描述",
            "编码数据为文件的SHA-256摘要（Base64）；文件本身在同一移交包内，见当前位置和计算机文件名",
        )?;
        xml.leaf("反编码关键字", BESIDE)?;
        let id = format!("{DATA}-编码{serial}-编码数据1");
        xml.leaf_with("编码数据", &[("编码数据ID", &id)], &STANDARD.encode(bytes_of(&record.sha256)))?;
        xml.close("编码")?;
    }
    xml.close("文档数据")?;
    xml.close("文档")?;
    xml.close("文件数据")
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks_exact(2).filter_map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok()).collect()
}
