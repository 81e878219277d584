//! The parameters of a model as plain numbers, in the fixed order of its fields.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

/// Copies all float parameters, buffers included, to the host.
pub fn read<M: Module>(model: &M) -> Vec<Vec<f32>> {
    let mut reader = Reader(Vec::new());
    model.visit(&mut reader);
    reader.0
}

struct Reader(Vec<Vec<f32>>);

impl ModuleVisitor for Reader {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        self.0.push(host(parameter.val()));
    }
}

/// How many numbers each parameter has that is trained, buffers left out.
pub fn trained_sizes<M: Module>(model: &M) -> Vec<usize> {
    let mut sizes = TrainedSizes(Vec::new());
    model.visit(&mut sizes);
    sizes.0
}

struct TrainedSizes(Vec<usize>);

impl ModuleVisitor for TrainedSizes {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        if parameter.is_require_grad() {
            self.0.push(parameter.shape().num_elements());
        }
    }
}

/// The numbers of a tensor, row-major.
pub fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let data = tensor.into_data();
    match data.as_slice::<f32>() {
        Ok(numbers) => numbers.to_vec(),
        Err(_) => data.iter::<f32>().collect(),
    }
}

/// Replaces all float parameters of `model` by what [`read`] returned for a model of the same
/// structure, or returns `None` if the structure is another one.
pub fn write<M: Module>(model: M, values: &[Vec<f32>]) -> Option<M> {
    let mut writer = Writer {
        values: values.iter(),
        fits: true,
    };
    let model = model.map(&mut writer);
    (writer.fits && writer.values.next().is_none()).then_some(model)
}

struct Writer<'a> {
    values: std::slice::Iter<'a, Vec<f32>>,
    fits: bool,
}

impl ModuleMapper for Writer<'_> {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = parameter.shape();
        match self.values.next() {
            Some(values) if values.len() == shape.num_elements() => {
                let data = TensorData::new(values.clone(), shape);
                parameter.map(|old| {
                    let trained = old.is_require_grad();
                    Tensor::from_data(data, &old.device()).set_require_grad(trained)
                })
            }
            _ => {
                self.fits = false;
                parameter
            }
        }
    }
}
