// What is said of returns, voids, exchanges, invoices and receipts' codes.

#include "edge/words/sentence.h"

namespace branchline {
namespace {

constexpr Sentence kAfter[] = {
    {"receipt $0 is not a sale of $1", "小票 $0 不是 $1 的销售",
     "收據 $0 不是 $1 的銷售"},
    {"receipt $0 is not a sale of $1; take the goods back without it, or by a "
     "return",
     "小票 $0 不是 $1 的销售；可按无小票退货，或用退货处理",
     "收據 $0 不是 $1 的銷售；可按無收據退貨，或用退貨處理"},
    {"receipt $0 is not a sale of $1; of another branch's receipt scan the "
     "code, or take the goods back as lines of kind return",
     "小票 $0 不是 $1 的销售；其他分店的小票请扫二维码，或按无小票退货",
     "收據 $0 不是 $1 的銷售；其他分店的收據請掃二維碼，或按無收據退貨"},
    {"$0 has no receipt '$1'", "$0 没有小票“$1”", "$0 沒有收據「$1」"},
    {"no receipt $0 of $1", "$1 没有小票 $0", "$1 沒有收據 $0"},
    {"return has $0 lines, want 1 to $1", "退货有 $0 行，应为 1 到 $1 行",
     "退貨有 $0 行，應為 1 到 $1 行"},
    {"line $0 of $1: the receipt has $2 lines", "$1 第 $0 行：该小票只有 $2 行",
     "$1 第 $0 行：該收據只有 $2 行"},
    {"line $0 of $1: nothing was sold on it", "$1 第 $0 行：该行没有售出商品",
     "$1 第 $0 行：該行沒有售出商品"},
    {"line $0 of $1: quantity $2 to return must be above 0",
     "$1 第 $0 行：退货数量 $2 必须大于 0",
     "$1 第 $0 行：退貨數量 $2 必須大於 0"},
    {"line $0 of $1 (SKU $2): $3 sold, $4 came back already, $5 more cannot",
     "$1 第 $0 行（SKU $2）：售出 $3，已退 $4，不能再退 $5",
     "$1 第 $0 行（SKU $2）：售出 $3，已退 $4，不能再退 $5"},
    {"line $0 of $1 sold SKU $2", "$1 第 $0 行售出的是 SKU $2",
     "$1 第 $0 行售出的是 SKU $2"},
    {"returning $0 of $1 sold with $2 back: want quantities above 0",
     "售出 $1、已退 $2，要退 $0：数量必须大于 0",
     "售出 $1、已退 $2，要退 $0：數量必須大於 0"},
    {"returning $0: of $1 sold, $2 are left to come back",
     "要退 $0：售出 $1，只剩 $2 可退", "要退 $0：售出 $1，只剩 $2 可退"},
    {"receipt $0 voids $1: it sold nothing",
     "小票 $0 是冲正 $1 的：没有售出商品",
     "收據 $0 是作廢 $1 的：沒有售出商品"},
    {"receipt $0 itself voids $1: ring the goods up again",
     "小票 $0 本身是冲正 $1 的：请重新录入商品",
     "收據 $0 本身是作廢 $1 的：請重新輸入商品"},
    {"goods of receipt $0 came back, or it was voided already",
     "小票 $0 的商品已有退货，或该小票已冲正",
     "收據 $0 的商品已有退貨，或該收據已作廢"},
    {"receipt $0 is not of till $1's open shift: it cannot be voided any more, "
     "take the goods back by a return",
     "小票 $0 不属于收银机 $1 的当前班次：不能再冲正，请用退货处理",
     "收據 $0 不屬於收銀機 $1 的目前班次：不能再作廢，請用退貨處理"},
    {"no shift is open on till $0: what was sold before is taken back by a "
     "return",
     "收银机 $0 未开班：之前售出的请用退货处理",
     "收銀機 $0 未開班：之前售出的請用退貨處理"},
    {"goods that are exchanged are a line of kind return",
     "换回的商品应为退货行", "換回的商品應為退貨行"},
    {"goods are exchanged in a sale that the branch prices",
     "换货须在由分店计价的销售中进行", "換貨須在由分店計價的銷售中進行"},
    {"receipt $0 is in $1, this sale in $2", "小票 $0 的币种是 $1，本单是 $2",
     "收據 $0 的幣別是 $1，本單是 $2"},
    {"give the number of the receipt or its code, not both",
     "小票号和二维码只能给一个", "收據號碼和二維碼只能給一個"},
    {"a till that trains takes back receipts of training alone",
     "培训模式下只能退培训小票", "訓練模式下只能退訓練收據"},
    // Of another branch.
    {"the receipt is of branch $0, which $1 does not know: a manager may take "
     "the goods back without it",
     "小票属于分店 $0，$1 不认识该店：经理可按无小票退货",
     "收據屬於分店 $0，$1 不認識該店：店經理可按無收據退貨"},
    {"branch $0 is fenced, two boxes sell as it: its receipts count nowhere "
     "else until one is recovered",
     "分店 $0 已被隔离（有两台主机以其名义销售）：恢复之前，其小票在别处无效",
     "分店 $0 已被隔離（有兩台主機以其名義銷售）：復原之前，其收據在別處無效"},
    {"the code was not made by branch $0: pay nothing for it, and keep the "
     "receipt",
     "该二维码不是分店 $0 开出的：请勿付款，并留下小票",
     "該二維碼不是分店 $0 開出的：請勿付款，並留下收據"},
    {"the key of branch $0 of epoch $1 has not come here yet: try again when "
     "the line is up, or a manager takes the goods back without the receipt",
     "尚未收到分店 $0 第 $1 期的密钥：请联网后再试，或由经理按无小票退货",
     "尚未收到分店 $0 第 $1 期的金鑰：請連線後再試，或由店經理按無收據退貨"},
    {"the receipt was paid in $0, $1 pays back in $2",
     "小票以 $0 付款，$1 以 $2 退款", "收據以 $0 付款，$1 以 $2 退款"},
    {"for another branch's receipt cash is paid back, nothing else",
     "其他分店的小票只退现金", "其他分店的收據只退現金"},
    {"for receipt $0 of another branch $1 would be paid out here in all; the "
     "cap is $2, of which $3 is left",
     "其他分店的小票 $0 在本店累计将退 $1；上限为 $2，还剩 $3",
     "其他分店的收據 $0 在本店累計將退 $1；上限為 $2，還剩 $3"},
    {"this is not the code of a receipt, or it was misread ($0 characters): "
     "scan it again, or key the receipt's number",
     "这不是小票二维码，或读取有误（$0 个字符）：请重新扫描，或输入小票号",
     "這不是收據二維碼，或讀取有誤（$0 個字元）：請重新掃描，或輸入收據號碼"},
    {"the code of the receipt holds no lines that this program can read",
     "小票二维码中没有本程序能读取的商品行",
     "收據二維碼中沒有本程式能讀取的商品行"},
    // Invoices.
    {"the invoice code is not that of receipt $0: read it off the receipt "
     "again",
     "开票码与小票 $0 不符：请重新核对小票上的开票码",
     "發票碼與收據 $0 不符：請重新核對收據上的發票碼"},
    {"receipt $0 has its invoice already", "小票 $0 已开过发票",
     "收據 $0 已開立發票"},
    {"receipt $0 has its invoice already, $1", "小票 $0 已开过发票，$1",
     "收據 $0 已開立發票，$1"},
    {"nothing is left of receipt $0 to make an invoice over",
     "小票 $0 已无可开票金额", "收據 $0 已無可開立發票的金額"},
    {"the buyer's tax number has at most $0 bytes, the reference $1",
     "购方税号最多 $0 个字节，参考号最多 $1 个",
     "買方統一編號最多 $0 個位元組，參考號最多 $1 個"},
    // Training.
    {"till $0 trains already", "收银机 $0 已在培训模式",
     "收銀機 $0 已在訓練模式"},
    {"till $0 does not train", "收银机 $0 不在培训模式",
     "收銀機 $0 不在訓練模式"},
    {"till $0 trains, and the sale was paid for: end the training first",
     "收银机 $0 在培训模式，而本单已付款：请先退出培训模式",
     "收銀機 $0 在訓練模式，而本單已付款：請先退出訓練模式"},
    {"till $0 trains: end the training first, this would be real",
     "收银机 $0 在培训模式：此操作是真实的，请先退出培训模式",
     "收銀機 $0 在訓練模式：此操作是真實的，請先退出訓練模式"},
    {"till $0 trains: no money moves; end the training first",
     "收银机 $0 在培训模式：不动真钱；请先退出培训模式",
     "收銀機 $0 在訓練模式：不動真錢；請先退出訓練模式"},
    // Papers.
    {"$0 has no receipt or Z '$1'", "$0 没有小票或 Z 报表“$1”",
     "$0 沒有收據或 Z 報表「$1」"},
    {"$0 has no receipt or Z '$1' of training", "$0 没有培训小票或 Z 报表“$1”",
     "$0 沒有訓練收據或 Z 報表「$1」"},
    {"SKU $0 gets no reduced label: @1", "SKU $0 不能打降价标签：@1",
     "SKU $0 不能列印降價標籤：@1"},
    {"it is delisted", "已下架", "已下架"},
    {"its labels come from the scale", "其标签由电子秤打印",
     "其標籤由電子秤列印"},
    {"it is no goods on a shelf", "不是货架商品", "不是貨架商品"},
    {"$0 labels are asked for with a reason of $1 bytes; at most $2 and $3",
     "要打 $0 张标签，原因有 $1 个字节；最多 $2 张、$3 个字节",
     "要列印 $0 張標籤，原因有 $1 個位元組；最多 $2 張、$3 個位元組"},
    {"SKU $0 has no number of at most $1 digits, which a label carries: give "
     "it one as a barcode",
     "SKU $0 没有不超过 $1 位的数字编号，标签上放不下：请给它一个短条码",
     "SKU $0 沒有不超過 $1 碼的數字編號，標籤上放不下：請給它一個短條碼"},
    {"the chain's labels have $0 decimals, the price more",
     "本连锁的标签只有 $0 位小数，价格的小数更多",
     "本連鎖的標籤只有 $0 位小數，價格的小數更多"},
    {"code $0 is one of $1 items: give the SKU",
     "条码 $0 对应 $1 个商品：请输入 SKU",
     "條碼 $0 對應 $1 個商品：請輸入 SKU"},
    {"the label $0 would not be read as SKU $1 alone at that price: another "
     "item has its number, or an earlier rule takes such codes",
     "标签 $0 扫描时不会只认作该价格的 SKU "
     "$1：其他商品有同一编号，或有更靠前的条码规则",
     "標籤 $0 掃描時不會只認作該價格的 SKU "
     "$1：其他商品有同一編號，或有更前面的條碼規則"},
    {"the chain has no rule for labels with a reduced price: publish one in "
     "scanRules, of kind MEASURE_CODE_KIND_REDUCED (docs/PRICING.md)",
     "总部还没有降价标签的条码规则：请总部发布",
     "總部還沒有降價標籤的條碼規則：請總部發布"},
    {"the price does not fit on a label", "价格太大，标签上放不下",
     "價格太大，標籤上放不下"},
    {"the label $0: @1", "标签 $0：@1", "標籤 $0：@1"},
    {"no SKU $0 in the catalogue of $1", "$1 的商品目录中没有 SKU $0",
     "$1 的商品目錄中沒有 SKU $0"},
    {"a reduced price of $0 is not between 0 and the price in force, $1",
     "降价 $0 不在 0 与现价 $1 之间", "降價 $0 不在 0 與現價 $1 之間"},
    {"receipt $0 gave money back by card or wallet: it cannot be voided, ring "
     "the goods up again",
     "小票 $0 已通过刷卡或扫码退款：不能冲正，请重新录入商品",
     "收據 $0 已透過刷卡或行動支付退款：不能作廢，請重新輸入商品"},
    {"the payment of receipt $0 never turned up and was written off: nothing "
     "of it is given back",
     "小票 $0 的付款一直未到账，已核销：这部分不退钱",
     "收據 $0 的付款一直未入帳，已沖銷：這部分不退錢"},
    {"nobody has confirmed the payment of receipt $0 yet: look in the wallet "
     "before you give it back",
     "小票 $0 的付款尚未确认：退款前请先查看收款账户",
     "收據 $0 的付款尚未確認：退款前請先查看收款帳戶"},
    {"ask for one receipt, one Z or the X, in $0 to $1 columns",
     "请指定一张小票、一张 Z 或 X，宽 $0 到 $1 列",
     "請指定一張收據、一張 Z 或 X，寬 $0 到 $1 欄"},
    {"languages: en, zh-CN, zh-TW", "语言：en、zh-CN、zh-TW",
     "語言：en、zh-CN、zh-TW"},
};

}  // namespace

absl::Span<const Sentence> AfterSentences() { return kAfter; }

}  // namespace branchline
