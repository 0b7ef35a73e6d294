//! A: what is archived, by whom, and when (归档).
//!
//! Judged on items alone: A1, A2, A3, A5, A6. A4 and A7 compare the items with the registers of incoming and outgoing
//! papers (收文登记簿, 发文登记簿) and of returned ones; their checks arrive with those registers.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(A1 Warning "福田《案卷质量标准》一；简阳（九）1";
        says
            "凡反映本机关工作、有查考价值的都要归档：收发文、内部文件、传真、会议文件和记录、电报、电话记录、讲话稿、表册、刊物及原稿、照片、录音录像。每个机关有一张归档范围和保管期限表，一件文件应合上其中一条。",
            "Whatever reflects the office's work and is worth consulting is archived: papers in and out, internal papers, faxes, meeting papers and minutes, telegrams, telephone records, speeches, tables, periodicals with their originals, photographs, sound and film. Each office has a table of scope with a period on each line, and each item falls under one of them.";
        example
            "题名只有“材料”二字，既无文种又无责任者，归档范围表上找不到一条合得上。",
            "A title that says only 材料, with neither type nor author, falls under no line of the table.";
        remedy
            "补全题名、文种或责任者；确属新的一类文件，在本机关的归档范围表里加一条。",
            "Complete title, type or author; if it is a new kind of record, add a line to the office's table of scope."),
    rule!(A2 Warning "福田《案卷质量标准》一";
        says
            "一份文件要齐全：印本、定稿、附件；办理的文件要有办理结果；重要文件要有历次修改稿；请示由电话答复的要有电话记录；签发手续要完备。",
            "A document is complete with its parts: the final print, the signed draft, the attachments. One that was acted upon carries its outcome, an important one its revisions; a request answered by telephone carries a record of the answer; the signing is complete.";
        example
            "只登记了定稿，没有印本；或者县档案局的请示登记在册，批复和电话记录都没有。",
            "Only the signed draft is registered, and no print; or a request is there, with neither reply nor record of a telephone answer.";
        remedy
            "找出缺的那一部分补登；确实没有的，在备注里写明原因，将来写进备考表。",
            "Find the missing part and register it; if there is none, give the reason in the remarks, from where it goes into the note of the volume."),
    rule!(A3 Warning "简阳（九）2 归档职责";
        says
            "各股室归各自分管的文件和刊物。一年的发文字号一号不缺、一号不重，期刊一期不缺；缺号、重号、跳期都要查明。",
            "Each section files what it answers for. In a year's series no document number is missing or stands for two documents, and no issue of a periodical is missing.";
        example
            "《政府工作简报》有第 16 期和第 18 期，没有第 17 期；“临政〔2004〕24号”写在两份不同的通知上。",
            "A bulletin has issues 16 and 18 and no 17; one number stands on two different notices.";
        remedy
            "向承办股室查找缺的一号；作废的号在备注里注明；重号的核对原件。",
            "Ask the section for the missing one; note numbers that were cancelled; for repeats look at the originals."),
    rule!(A4 Warning "简阳（八）公文处理、（九）1；杂多第二十六、三十、三十三条；县委办文书科职责";
        says
            "当年收文、发文登记簿上的每一件，都能在当年的档案里找到，或者有记录在案的理由（清退、销毁、无保存价值）。缺的列单，并算出归档率。",
            "Everything in a year's registers of incoming and outgoing papers is found in that year's records, or a reason is on record (returned, destroyed, of no value). What is missing is listed, and the archiving rate given.";
        example
            "发文登记簿有“临政办〔2004〕11号”，档案里没有，也没有说明。",
            "The outgoing register has 临政办〔2004〕11号; the archive has neither it nor a reason.";
        remedy
            "逐件追收，或在登记簿上写明去向。",
            "Collect each of them, or write into the register where it went."),
    rule!(A5 Warning "简阳（九）3；杂多第三十三条";
        says
            "上一年的文件，各股室在次年规定日期前交齐，由办公室移交档案馆：四月底或六月底，由机关自定。会计档案立卷后在财务部门留一年再交。",
            "The past year's records are handed over by a day of the following year: the end of April or of June, as the office has it. Accounting records stay one year with the finance section first.";
        example
            "2004 年的文件到 2005 年 5 月 10 日还有 40 件没有组卷，期限是 4 月 30 日。",
            "On 10 May 2005, 40 items of 2004 are in no volume; the deadline was 30 April.";
        remedy
            "尽快整理移交；已与档案馆商定推迟的，在规则集里改期限。",
            "Arrange and hand over; if a later day was agreed with the archives, change the deadline in the profile."),
    rule!(A6 Warning "福田《案卷质量标准》一、十三";
        says
            "用铅笔、圆珠笔书写，或者用复写纸、传真纸（热敏纸）的，属永久、长期保存的要采取补救措施：复印、扫描，与原件一并保存。",
            "Records in pencil or ballpoint, on carbon or fax paper, need remedial treatment when they are kept permanently or long: a copy is made and kept with the original.";
        example
            "县领导的铅笔批示，永久保存；或者传真来的电报，字迹两三年就会褪。",
            "A permanent written instruction in pencil; or a telegram by fax, whose writing fades within a few years.";
        remedy
            "复印到耐久纸上随原件入卷，并在备注里写“已补救”。",
            "Copy it onto durable paper, file the copy with the original, and write 已补救 into the remarks."),
    rule!(A7 Warning "县委办机要文件室职责（四）";
        says
            "上级规定要清退的文件，每年列单清退，一个月内记下退清。",
            "Papers that a superior wants back are listed each year, and their return is recorded within one month of the clearing.";
        example
            "2004 年应清退的中央文件 12 份，记录只退了 11 份。",
            "Of 12 central papers due for return in 2004, 11 are recorded as returned.";
        remedy
            "追回未退的，退后补记日期和经手人。",
            "Recover what is outstanding; record date and person on its return."),
];
