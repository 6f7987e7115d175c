// An assembly of ours with the documented shapes of the vendor's .NET wrappers (contracts/adk.md §1.4), for the tests.
// It calls the compiled practice library, whose path takes the place of Adk.dll. Without a define: the 64-bit wrapper
// (namespace AdkNetWrapper, records as IntPtr). OLDER: the 32-bit one (namespace AdkNet4Wrapper, records as int,
// AdkGetNumeric instead of AdkGetDouble, neither AdkDeleteStruct nor warnings). Shapes the contract does not tell are
// guesses of this file; the binding asks each method for its shape.
using System;
using System.Runtime.InteropServices;
using System.Text;
#if OLDER
using Data = System.Int32;
namespace AdkNet4Wrapper {
#else
using Data = System.IntPtr;
namespace AdkNetWrapper {
#endif

[StructLayout(LayoutKind.Sequential)]
public struct ADKERROR { public int lRc; public int lDbTable; public int lField; public int lFunction; public int lProgramPart; }

public delegate void WarningFunction(ref ADKERROR error);

static class Native {
    const string DLL = "Adk.dll";
    [DllImport(DLL)] public static extern ADKERROR AdkOpen2(byte[] common, byte[] company, byte[] user, byte[] password);
    [DllImport(DLL)] public static extern void AdkClose();
    [DllImport(DLL)] public static extern ADKERROR AdkIsLoginActivated(byte[] common, byte[] company, ref int value);
    [DllImport(DLL)] public static extern ADKERROR AdkGetCompanyName(byte[] company, int strict, byte[] common, ref IntPtr text, int size, ref int variant, ref int major, ref int minor);
    [DllImport(DLL)] public static extern void AdkGetVersion(ref int major, ref int minor);
    [DllImport(DLL)] public static extern void AdkGetProgramDatabaseVersion(ref int major, ref int minor);
    [DllImport(DLL)] public static extern ADKERROR AdkGetVariant(ref int variant, ref int api, ref IntPtr text, int size, byte[] common);
    [DllImport(DLL)] public static extern ADKERROR AdkGetBookingYearId(int date, ref IntPtr text, int size);
    [DllImport(DLL)] public static extern void AdkSetWarningFunction(WarningFunction function);
    [DllImport(DLL)] public static extern void AdkGetErrorText(ref ADKERROR error, int part, ref IntPtr text, int size);
    [DllImport(DLL)] public static extern IntPtr AdkCreateData(int table);
    [DllImport(DLL)] public static extern IntPtr AdkCreateDataRow(int table, int count);
    [DllImport(DLL)] public static extern IntPtr AdkGetDataRow(IntPtr rows, int index);
    [DllImport(DLL)] public static extern ADKERROR AdkDeleteStruct(IntPtr data);
    [DllImport(DLL)] public static extern ADKERROR AdkResetStruct(IntPtr data);
    [DllImport(DLL)] public static extern ADKERROR AdkGetStr(IntPtr data, int field, ref IntPtr text, int size);
    [DllImport(DLL)] public static extern ADKERROR AdkGetBool(IntPtr data, int field, ref int value);
    [DllImport(DLL)] public static extern ADKERROR AdkGetDouble(IntPtr data, int field, ref double value);
    [DllImport(DLL)] public static extern ADKERROR AdkGetDate(IntPtr data, int field, ref int value);
    [DllImport(DLL)] public static extern ADKERROR AdkGetData(IntPtr data, int field, int index, ref IntPtr row);
    [DllImport(DLL)] public static extern ADKERROR AdkSetStr(IntPtr data, int field, byte[] value);
    [DllImport(DLL)] public static extern ADKERROR AdkSetBool(IntPtr data, int field, int value);
    [DllImport(DLL)] public static extern ADKERROR AdkSetDouble(IntPtr data, int field, double value);
    [DllImport(DLL)] public static extern ADKERROR AdkSetDate(IntPtr data, int field, int value);
    [DllImport(DLL)] public static extern ADKERROR AdkSetData(IntPtr data, int field, IntPtr rows);
    [DllImport(DLL)] public static extern ADKERROR AdkLongToDate(int value, ref IntPtr text, int size);
    [DllImport(DLL)] public static extern ADKERROR AdkLongToDateTime(int value, ref IntPtr text, int size);
    [DllImport(DLL)] public static extern ADKERROR AdkDateToLong(byte[] text, ref int value);
    [DllImport(DLL)] public static extern ADKERROR AdkGetType(IntPtr data, int field, ref int value);
    [DllImport(DLL)] public static extern ADKERROR AdkGetLength(IntPtr data, int field, ref int value);
    [DllImport(DLL)] public static extern ADKERROR AdkGetDecimals(IntPtr data, int field, ref int value);
    [DllImport(DLL)] public static extern int AdkIsReadWrite(IntPtr data, int field);
    [DllImport(DLL)] public static extern ADKERROR AdkGetLastFldId(IntPtr data, ref int field);
    [DllImport(DLL)] public static extern ADKERROR AdkGetTimestampField(IntPtr data, ref int field);
    [DllImport(DLL)] public static extern ADKERROR AdkAdd(IntPtr data);
    [DllImport(DLL)] public static extern ADKERROR AdkUpdate(IntPtr data);
    [DllImport(DLL)] public static extern ADKERROR AdkDeleteRow(IntPtr data, int number);
    [DllImport(DLL)] public static extern ADKERROR AdkDeleteRecord(IntPtr data);
    [DllImport(DLL)] public static extern ADKERROR AdkSetSortOrder(IntPtr data, int order);
    [DllImport(DLL)] public static extern ADKERROR AdkFindEx(IntPtr data, int rows);
    [DllImport(DLL)] public static extern ADKERROR AdkFirstEx(IntPtr data, int rows);
    [DllImport(DLL)] public static extern ADKERROR AdkLastEx(IntPtr data, int rows);
    [DllImport(DLL)] public static extern ADKERROR AdkNextEx(IntPtr data, int rows);
    [DllImport(DLL)] public static extern ADKERROR AdkPreviousEx(IntPtr data, int rows);
    [DllImport(DLL)] public static extern ADKERROR AdkSetFilter(IntPtr data, int field, byte[] expression, int version);
    [DllImport(DLL)] public static extern ADKERROR AdkIsFilterable(IntPtr data, int field, ref int value);
    [DllImport(DLL)] public static extern ADKERROR AdkClearFilters(IntPtr data);
}

public class Api {
    public enum ADK_ERROR_TEXT_TYPE { elRc = 0, elDbTable = 1, elField = 2, elFunction = 3, elProgramPart = 4 }
    public enum ADK_FIELD_TYPE { eUnused = 0, eBool = 1, eChar = 2, eDouble = 4, eDate = 5, eData = 6 }

    const int Size = 1000;
    static readonly Encoding Ansi = Encoding.GetEncoding(1252);
    static readonly ADKERROR Ok = new ADKERROR();
    delegate ADKERROR Filling(ref IntPtr text);

    static byte[] Bytes(string text) { return Ansi.GetBytes(text + "\0"); }
    static IntPtr Pointer(Data data) { return (IntPtr)data; }
    static Data Handle(IntPtr pointer) { return (Data)pointer; }

    static ADKERROR Text(ref string value, Filling fill) {
        IntPtr memory = Marshal.AllocHGlobal(Size + 2);
        try {
            Marshal.Copy(new byte[Size + 2], 0, memory, Size + 2);
            IntPtr text = memory;
            ADKERROR error = fill(ref text);
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0) length++;
            byte[] raw = new byte[length];
            Marshal.Copy(text, raw, 0, length);
            if (error.lRc == 0) value = Ansi.GetString(raw);
            return error;
        } finally { Marshal.FreeHGlobal(memory); }
    }

    static ADKERROR Long(DateTime day, ref int value) {
        if (day == DateTime.MinValue) { value = 0; return Ok; }
        return Native.AdkDateToLong(Bytes(day.ToString("yyyy-MM-dd")), ref value);
    }

    public static ADKERROR AdkOpen2(ref string common, ref string company, ref string user, ref string password) { return Native.AdkOpen2(Bytes(common), Bytes(company), Bytes(user), Bytes(password)); }
    public static void AdkClose() { Native.AdkClose(); }
    public static ADKERROR AdkIsLoginActivated(ref string common, ref string company, ref bool value) {
        int flag = 0; ADKERROR error = Native.AdkIsLoginActivated(Bytes(common), Bytes(company), ref flag); value = flag != 0; return error;
    }
    public static ADKERROR AdkGetCompanyName(ref string company, bool strict, ref string common, ref string name, ref int variant, ref int major, ref int minor) {
        int v = 0, a = 0, i = 0; byte[] c = Bytes(company), s = Bytes(common);
        ADKERROR error = Text(ref name, (ref IntPtr text) => Native.AdkGetCompanyName(c, strict ? 1 : 0, s, ref text, Size, ref v, ref a, ref i));
        variant = v; major = a; minor = i; return error;
    }
    public static void AdkGetVersion(ref int major, ref int minor) { Native.AdkGetVersion(ref major, ref minor); }
    public static void AdkGetProgramDatabaseVersion(ref int major, ref int minor) { Native.AdkGetProgramDatabaseVersion(ref major, ref minor); }
    public static ADKERROR AdkGetVariant(ref int variant, ref bool api, ref string name, ref string common) {
        int v = 0, a = 0; byte[] s = Bytes(common);
        ADKERROR error = Text(ref name, (ref IntPtr text) => Native.AdkGetVariant(ref v, ref a, ref text, Size, s));
        variant = v; api = a != 0; return error;
    }
    public static ADKERROR AdkGetBookingYearId(DateTime day, ref string id) {
        int value = 0; ADKERROR error = Long(day, ref value);
        return error.lRc != 0 ? error : Text(ref id, (ref IntPtr text) => Native.AdkGetBookingYearId(value, ref text, Size));
    }
    public static string AdkGetErrorText(ADKERROR error, ADK_ERROR_TEXT_TYPE part) {
        string words = "";
        Text(ref words, (ref IntPtr text) => { Native.AdkGetErrorText(ref error, (int)part, ref text, Size); return Ok; });
        return words;
    }

    public static Data AdkCreateData(int table) { return Handle(Native.AdkCreateData(table)); }
    public static Data AdkCreateDataRow(int table, int count) { return Handle(Native.AdkCreateDataRow(table, count)); }
    public static Data AdkGetDataRow(Data rows, int index) { return Handle(Native.AdkGetDataRow(Pointer(rows), index)); }
    public static ADKERROR AdkResetStruct(Data data) { return Native.AdkResetStruct(Pointer(data)); }
    public static ADKERROR AdkGetStr(Data data, int field, ref string value) { return Text(ref value, (ref IntPtr text) => Native.AdkGetStr(Pointer(data), field, ref text, Size)); }
    public static ADKERROR AdkGetBool(Data data, int field, ref bool value) {
        int flag = 0; ADKERROR error = Native.AdkGetBool(Pointer(data), field, ref flag); value = flag != 0; return error;
    }
    public static ADKERROR AdkGetDate(Data data, int field, ref DateTime value) {
        int day = 0; ADKERROR error = Native.AdkGetDate(Pointer(data), field, ref day);
        value = DateTime.MinValue;
        if (error.lRc != 0 || day == 0) return error;
        int stamp = -1; Native.AdkGetTimestampField(Pointer(data), ref stamp);
        string words = "";
        error = Text(ref words, (ref IntPtr text) => field == stamp ? Native.AdkLongToDateTime(day, ref text, Size) : Native.AdkLongToDate(day, ref text, Size));
        if (error.lRc == 0) value = DateTime.Parse(words, System.Globalization.CultureInfo.InvariantCulture);
        return error;
    }
    public static ADKERROR AdkSetStr(Data data, int field, ref string value) { return Native.AdkSetStr(Pointer(data), field, Bytes(value)); }
    public static ADKERROR AdkSetBool(Data data, int field, bool value) { return Native.AdkSetBool(Pointer(data), field, value ? 1 : 0); }
    public static ADKERROR AdkSetDouble(Data data, int field, double value) { return Native.AdkSetDouble(Pointer(data), field, value); }
    public static ADKERROR AdkSetDate(Data data, int field, DateTime day) {
        int value = 0; ADKERROR error = Long(day, ref value);
        return error.lRc != 0 ? error : Native.AdkSetDate(Pointer(data), field, value);
    }
    public static ADKERROR AdkSetData(Data data, int field, Data rows) { return Native.AdkSetData(Pointer(data), field, Pointer(rows)); }
    public static ADKERROR AdkGetType(Data data, int field, ref ADK_FIELD_TYPE type) {
        int value = 0; ADKERROR error = Native.AdkGetType(Pointer(data), field, ref value); type = (ADK_FIELD_TYPE)value; return error;
    }
    public static ADKERROR AdkGetLength(Data data, int field, ref int value) { return Native.AdkGetLength(Pointer(data), field, ref value); }
    public static ADKERROR AdkGetDecimals(Data data, int field, ref int value) { return Native.AdkGetDecimals(Pointer(data), field, ref value); }
    public static bool AdkIsReadWrite(Data data, int field) { return Native.AdkIsReadWrite(Pointer(data), field) != 0; }
    public static ADKERROR AdkGetLastFldId(Data data, ref int field) { return Native.AdkGetLastFldId(Pointer(data), ref field); }
    public static ADKERROR AdkGetTimestampField(Data data, ref int field) { return Native.AdkGetTimestampField(Pointer(data), ref field); }
    public static ADKERROR AdkAdd(Data data) { return Native.AdkAdd(Pointer(data)); }
    public static ADKERROR AdkUpdate(Data data) { return Native.AdkUpdate(Pointer(data)); }
    public static ADKERROR AdkDeleteRow(Data data, int number) { return Native.AdkDeleteRow(Pointer(data), number); }
    public static ADKERROR AdkDeleteRecord(Data data) { return Native.AdkDeleteRecord(Pointer(data)); }
    public static ADKERROR AdkSetSortOrder(Data data, int order) { return Native.AdkSetSortOrder(Pointer(data), order); }
    public static ADKERROR AdkFindEx(Data data, bool rows) { return Native.AdkFindEx(Pointer(data), rows ? 1 : 0); }
    public static ADKERROR AdkFirstEx(Data data, bool rows) { return Native.AdkFirstEx(Pointer(data), rows ? 1 : 0); }
    public static ADKERROR AdkLastEx(Data data, bool rows) { return Native.AdkLastEx(Pointer(data), rows ? 1 : 0); }
    public static ADKERROR AdkNextEx(Data data, bool rows) { return Native.AdkNextEx(Pointer(data), rows ? 1 : 0); }
    public static ADKERROR AdkPreviousEx(Data data, bool rows) { return Native.AdkPreviousEx(Pointer(data), rows ? 1 : 0); }
    public static ADKERROR AdkSetFilter(Data data, int field, string expression, int version) { return Native.AdkSetFilter(Pointer(data), field, Bytes(expression), version); }
    public static ADKERROR AdkIsFilterable(Data data, int field, ref bool value) {
        int flag = 0; ADKERROR error = Native.AdkIsFilterable(Pointer(data), field, ref flag); value = flag != 0; return error;
    }
    public static ADKERROR AdkClearFilters(Data data) { return Native.AdkClearFilters(Pointer(data)); }
    public static ADKERROR AdkGetRowData(Data data, int index, out Data row) {
        int type = 0;  // The rows of a supplier invoice are field 36, those of the others 103.
        int field = Native.AdkGetType(Pointer(data), 103, ref type).lRc == 0 && type == 6 ? 103 : 36;
        IntPtr found = IntPtr.Zero; ADKERROR error = Native.AdkGetData(Pointer(data), field, index, ref found); row = Handle(found); return error;
    }
#if OLDER
    public static ADKERROR AdkGetNumeric(Data data, int field, ref double value) { return Native.AdkGetDouble(Pointer(data), field, ref value); }
#else
    static WarningFunction held;
    public static void AdkSetWarningFunction(WarningFunction function) { held = function; Native.AdkSetWarningFunction(function); }
    public static ADKERROR AdkDeleteStruct(Data data) { return Native.AdkDeleteStruct(Pointer(data)); }
    public static ADKERROR AdkGetDouble(Data data, int field, ref double value) { return Native.AdkGetDouble(Pointer(data), field, ref value); }
#endif
}
}
